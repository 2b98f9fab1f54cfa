import os
import sys
import six
if sys.version_info == (3, 13):
    d00 = 1
else:
    d00 = 2
if sys.version_info != (3, 13):
    d01 = 1
else:
    d01 = 2
if sys.version_info <= (3, 13):
    d02 = 1
else:
    d02 = 2
if sys.version_info < (3, 14):
    d03 = 1
else:
    d03 = 2
if sys.version_info <= (3, 12):
    d04 = 1
else:
    d04 = 2
if sys.version_info > (3, 12):
    d05 = 1
else:
    d05 = 2
if sys.version_info > (3, 13):
    d06 = 1
else:
    d06 = 2
if sys.version_info >= (4,):
    d07 = 1
else:
    d07 = 2
if sys.version_info >= (3, 13, 0):
    d08 = 1
else:
    d08 = 2
if sys.version_info < (3, 13, 0):
    d09 = 1
else:
    d09 = 2
if sys.version_info < (3, 13, 0, "final"):
    d10 = 1
else:
    d10 = 2
if version_info >= (3, 14):
    d11 = 1
else:
    d11 = 2
if sys.version_info >= (3, 999999999):
    d12 = 1
else:
    d12 = 2
if sys.version_info >= (3, 1000000000):
    d13 = 1
else:
    d13 = 2
if sys.version_info >= (3, 0x0d):
    d14 = 1
else:
    d14 = 2
if sys.version_info >= (3, 1_3):
    d15 = 1
else:
    d15 = 2
if sys.version_info >= (3, minor):
    d16 = 1
else:
    d16 = 2
if sys.version_info >= (3, "13"):
    d17 = 1
else:
    d17 = 2
if sys.version_info >= [3, 13]:
    d18 = 1
else:
    d18 = 2
if sys.version_info in ((3, 13),):
    d19 = 1
else:
    d19 = 2
if (3, 12) < sys.version_info:
    d20 = 1
else:
    d20 = 2
if (3, 12) < sys.version_info < (3, 15):
    d21 = 1
else:
    d21 = 2
if sys.version_info[:2] == (3, 13):
    d22 = 1
else:
    d22 = 2
if sys.version_info[:2] != (3, 13):
    d23 = 1
else:
    d23 = 2
if sys.version_info[:2] < (3, 13):
    d24 = 1
else:
    d24 = 2
if sys.version_info[:2] <= (3, 13):
    d25 = 1
else:
    d25 = 2
if sys.version_info[:2] > (3, 13):
    d26 = 1
else:
    d26 = 2
if sys.version_info[:2] >= (3, 13):
    d27 = 1
else:
    d27 = 2
if sys.version_info[:2] > (3,):
    d28 = 1
else:
    d28 = 2
if sys.version_info[:2] < (3, 13, 0):
    d29 = 1
else:
    d29 = 2
if sys.version_info[:2] < (3, minor):
    d30 = 1
else:
    d30 = 2
if sys.version_info[0] == 3:
    d31 = 1
else:
    d31 = 2
if sys.version_info[0] < 3:
    d32 = 1
else:
    d32 = 2
if sys.version_info[0] <= 3:
    d33 = 1
else:
    d33 = 2
if sys.version_info[0] > 2:
    d34 = 1
else:
    d34 = 2
if sys.version_info[0] >= 4:
    d35 = 1
else:
    d35 = 2
if sys.version_info[0] == "3":
    d36 = 1
else:
    d36 = 2
if sys.version_info.major == 2:
    d37 = 1
else:
    d37 = 2
if sys.version_info.major >= 3:
    d38 = 1
else:
    d38 = 2
if sys.version_info.minor == 13:
    d39 = 1
else:
    d39 = 2
if sys.platform == "linux":
    d40 = 1
else:
    d40 = 2
if sys.platform == 'darwin':
    d41 = 1
else:
    d41 = 2
if sys.platform != "win32":
    d42 = 1
else:
    d42 = 2
if sys.platform == "":
    d43 = 1
else:
    d43 = 2
if sys.platform == "lin" "ux":
    d44 = 1
else:
    d44 = 2
if sys.platform == """linux""":
    d45 = 1
else:
    d45 = 2
if sys.platform == "lin\x75x":
    d46 = 1
else:
    d46 = 2
if sys.platform == r"linux":
    d47 = 1
else:
    d47 = 2
if sys.platform == b"linux":
    d48 = 1
else:
    d48 = 2
if sys.platform == name:
    d49 = 1
else:
    d49 = 2
if platform == "linux":
    d50 = 1
else:
    d50 = 2
if os.name == "posix":
    d51 = 1
else:
    d51 = 2
if os.name == "nt":
    d52 = 1
else:
    d52 = 2
if os.name == linux:
    d53 = 1
else:
    d53 = 2
if sys.platform.startswith("linux"):
    d54 = 1
else:
    d54 = 2
if sys.platform.startswith("linux2"):
    d55 = 1
else:
    d55 = 2
if sys.platform.startswith("win"):
    d56 = 1
else:
    d56 = 2
if sys.platform.startswith(("lin", "win")):
    d57 = 1
else:
    d57 = 2
if sys.platform.startswith():
    d58 = 1
else:
    d58 = 2
if sys.platform.endswith("linux"):
    d59 = 1
else:
    d59 = 2
if PY2:
    d60 = 1
else:
    d60 = 2
if six.PY2:
    d61 = 1
else:
    d61 = 2
if PY3:
    d62 = 1
else:
    d62 = 2
if six.PY3:
    d63 = 1
else:
    d63 = 2
if True:
    d64 = 1
else:
    d64 = 2
if False:
    d65 = 1
else:
    d65 = 2
if None:
    d66 = 1
else:
    d66 = 2
if 0:
    d67 = 1
else:
    d67 = 2
if 1:
    d68 = 1
else:
    d68 = 2
if 10:
    d69 = 1
else:
    d69 = 2
if 0.0:
    d70 = 1
else:
    d70 = 2
if "text":
    d71 = 1
else:
    d71 = 2
if not 0:
    d72 = 1
else:
    d72 = 2
if not True:
    d73 = 1
else:
    d73 = 2
if not flag:
    d74 = 1
else:
    d74 = 2
if -1:
    d75 = 1
else:
    d75 = 2
if flag:
    d76 = 1
else:
    d76 = 2
if 0 and flag:
    d77 = 1
else:
    d77 = 2
if flag and 0:
    d78 = 1
else:
    d78 = 2
if flag and 1:
    d79 = 1
else:
    d79 = 2
if 1 and 1:
    d80 = 1
else:
    d80 = 2
if 1 and 1 and 0:
    d81 = 1
else:
    d81 = 2
if flag or 1:
    d82 = 1
else:
    d82 = 2
if 1 or flag:
    d83 = 1
else:
    d83 = 2
if flag or 0:
    d84 = 1
else:
    d84 = 2
if 0 or 0:
    d85 = 1
else:
    d85 = 2
if 0 or 0 or 1:
    d86 = 1
else:
    d86 = 2
if not (flag or 1):
    d87 = 1
else:
    d87 = 2
if flag and flag:
    d88 = 1
else:
    d88 = 2
# A test is decided where Python says what it gives, of 3.13 on linux; what is no such test is left open.
#: slot module d00 7
#: slot module d01 9
#! slot module d01 9,
#: slot module d02 15
#: slot module d03 17
#! slot module d03 17,
#: slot module d04 23
#: slot module d05 25
#! slot module d05 25,
#: slot module d06 29
#! slot module d06 29,
#: slot module d07 35
#: slot module d08 37
#! slot module d08 37,
#: slot module d09 43
#: slot module d10 47
#: slot module d11 51
#: slot module d12 55
#: slot module d13 57,59
#: slot module d14 61,63
#: slot module d15 65,67
#: slot module d16 69,71
#: slot module d17 73,75
#: slot module d18 77,79
#: slot module d19 81,83
#: slot module d20 85,87
#: slot module d21 89,91
#: slot module d22 93
#! slot module d22 93,
#: slot module d23 99
#: slot module d24 103
#: slot module d25 105
#! slot module d25 105,
#: slot module d26 111
#: slot module d27 113
#! slot module d27 113,
#: slot module d28 117
#! slot module d28 117,
#: slot module d29 121
#! slot module d29 121,
#: slot module d30 125,127
#: slot module d31 129
#! slot module d31 129,
#: slot module d32 135
#: slot module d33 137
#! slot module d33 137,
#: slot module d34 141
#! slot module d34 141,
#: slot module d35 147
#: slot module d36 149,151
#: slot module d37 155
#: slot module d38 157
#! slot module d38 157,
#: slot module d39 161,163
#: slot module d40 165
#! slot module d40 165,
#: slot module d41 171
#: slot module d42 173
#! slot module d42 173,
#: slot module d43 179
#: slot module d44 181,183
#: slot module d45 185,187
#: slot module d46 189,191
#: slot module d47 193,195
#: slot module d48 197,199
#: slot module d49 201,203
#: slot module d50 205,207
#: slot module d51 209
#! slot module d51 209,
#: slot module d52 215
#: slot module d53 217,219
#: slot module d54 221
#! slot module d54 221,
#: slot module d55 227
#: slot module d56 231
#: slot module d57 233,235
#: slot module d58 237,239
#: slot module d59 241,243
#: slot module d60 247
#: slot module d61 251
#: slot module d62 253
#! slot module d62 253,
#: slot module d63 257
#! slot module d63 257,
#: slot module d64 261
#! slot module d64 261,
#: slot module d65 267
#: slot module d66 271
#: slot module d67 275
#: slot module d68 277
#! slot module d68 277,
#: slot module d69 281
#! slot module d69 281,
#: slot module d70 287
#: slot module d71 289
#! slot module d71 289,
#: slot module d72 293
#! slot module d72 293,
#: slot module d73 299
#: slot module d74 301,303
#: slot module d75 305,307
#: slot module d76 309,311
#: slot module d77 315
#: slot module d78 319
#: slot module d79 321,323
#: slot module d80 325
#! slot module d80 325,
#: slot module d81 331
#: slot module d82 333
#! slot module d82 333,
#: slot module d83 337
#! slot module d83 337,
#: slot module d84 341,343
#: slot module d85 347
#: slot module d86 349
#! slot module d86 349,
#: slot module d87 355
#: slot module d88 357,359
