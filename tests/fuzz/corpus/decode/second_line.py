#!/bin/sh
# vim: fileencoding=iso-8859-15
s = '€'
