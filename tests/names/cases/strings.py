from typing import Annotated, List, Literal, Optional, cast
import m


class C(List["Late"]):
    x: "Optional[C]" = None

    def f(self, a: "m.sub.T | None", b: 'List[ "Late" ]') -> "Late":
        y = cast("Late", a)
        z: Literal["Late"]
        w: Annotated["Late", "meta"]
        v: """
            Late
        """
        u: "not a type at all"
        t: "La" "te"
        return "Late"


class Late:
    pass
# A type in a string is looked up when the module is done; spans are those inside the string.
#: ref 5:14-18 string Late Late@20
#: binding 6 x assign <NoneType> Optional@1[C@5]
#: ref 6:8-16 string Optional Optional@1
#: ref 6:17-18 string C C@5
#: binding 8 a param - {m@2.sub.T | <NoneType>}
#: ref 8:20-21 string m m@2
#: ref 8:22-25 string sub m@2.sub
#: ref 8:26-27 string T m@2.sub.T
#: ref 8:62-66 string Late Late@20
#: ref 9:18-22 string Late Late@20
#! ref 10:20-24
#: ref 11:22-26 string Late Late@20
#! ref 11:30
#: ref 13:12-16 string Late Late@20
#! ref 15:11-14
#! ref 16:1
#! ref 17:1
#: class 5 (List@1[Late@20])
