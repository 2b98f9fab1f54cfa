#--- plugins/__init__.py
#--- plugins/one.py
def run(): ...  # @run
#--- lazy.py
known = 1  # @known
def __getattr__(name):
    raise AttributeError(name)
#--- tricks.py
globals()["made"] = 1
plain = 2  # @plain
#--- tricks2.py
globals().update({"a": 1})
#--- replaced.py
import sys
sys.modules[__name__] = object()
#--- victim.py
def original(): ...  # @original
class Kind:
    def act(self): ...  # @act
#--- main.py
import importlib
from importlib import import_module
import lazy, tricks, tricks2, replaced, victim
one = importlib.import_module("plugins.one")
one.run()
#: run = @run
#: run() = @run
import_module(".one", "plugins").run()
#: run = @run
__import__("plugins.one").one.run
#: run = @run
name = input()
import_module(name).run()
#: run =
lazy.known
#: known = @known
lazy.other
#: other =
#: other is dynamic getattr
tricks.plain
#: plain = @plain
tricks.made
#: made is dynamic globals
tricks2.a
#: a is dynamic globals
replaced.a
#: a is dynamic globals
from lazy import maybe
#: maybe =
#: maybe is dynamic getattr
def fake(): ...  # @fake
victim.original = fake  # @patch
victim.added = fake  # @added
def fake_act(self): ...  # @fake_act
victim.Kind.act = fake_act  # @patch_act
setattr(victim, "set_so", fake)  # @set_so
#--- use.py
import victim
victim.original()
#: original = @original
#: original ~ @patch
victim.added()
#: added = @added
victim.Kind().act()
#: act = @act
#: act ~ @patch_act
victim.set_so
#: set_so = @set_so
#--- getattrs.py
from typing import TYPE_CHECKING


class Made:
    def label(self): ...  # @label
    def __call__(self): ...  # @called
class Maker:
    def __getattr__(self, name: str) -> Made: ...
class Guesser:
    def __getattr__(self, name):
        return Made()
if TYPE_CHECKING:
    def either(): ...  # @first
else:
    def either(): ...  # @second
Maker().anything()
#: anything is dynamic getattr
#: anything() = @called
Maker().anything.label()
#: label = @label
Guesser().anything.label()
#: label is needs_values variable
