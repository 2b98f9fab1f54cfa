SELECT * FROM refused_imports
