# coding: cp1252

