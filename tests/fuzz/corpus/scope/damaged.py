class C:
  def m(self, *, k: lambda: super() = 1 -> x[
 global é, ＿＿p
 def (
