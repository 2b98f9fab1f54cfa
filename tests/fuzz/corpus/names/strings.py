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
