namespace T; public sealed class U { [Xunit.Fact] public void A() { } }
