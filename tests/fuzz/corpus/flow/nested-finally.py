def f():
    while 1:
        try:
            try: return 1
            finally:
                try: break
                finally:
                    try: continue
                    finally: x = 1
        finally:
            try: return x
            finally: del x
