# coding: utf-7
+AAA-