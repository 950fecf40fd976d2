using Rewas.Clip.Faults;

namespace Rewas.Tests.Files;

public sealed class NumberRangeTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(1.5, "must be from 0 to 1 s, but is 1.5")]
    [InlineData(-0.1, "must be from 0 to 1 s, but is -0.1")]
    [InlineData(double.NaN, "must be from 0 to 1 s, but is NaN")]
    [InlineData(double.PositiveInfinity, "must be from 0 to 1 s, but is Infinity")]
    public void What_is_outside_or_no_number_is_told(double value, string? fault)
    {
        Assert.Equal(fault, NumberRange.Fault(value, 0, 1, " s"));
        var found = InputFault.OutOfRange("fade", value, 0, 1, " s").Select(told => told.Message);
        Assert.Equal(fault is null ? [] : [$"fade: {fault}"], found);
    }

    [Fact]
    public void What_was_not_given_is_in_every_range() => Assert.Empty(InputFault.OutOfRange("fade", null, 0, 1));
}
