using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Tests.Protocol;

public sealed class OrderCheckTests
{
    [Fact]
    public void Zero_and_absent_mean_the_defaults() => OrderCheck.ThrowIfWrong(new GenerateOptions { Prompt = "rain" });

    [Fact]
    public void The_ends_of_the_ranges_are_accepted()
    {
        OrderCheck.ThrowIfWrong(new GenerateOptions { Prompt = "x", Seed = 0, Steps = 1, GuidanceScale = 1, Eta = 0 });
        OrderCheck.ThrowIfWrong(
            new GenerateOptions { Prompt = new('x', 2000), Seed = uint.MaxValue, Steps = 1000, GuidanceScale = 30, Eta = 1 });
    }

    [Fact]
    public void Everything_out_of_range_is_told_at_once()
    {
        var fault = Assert.Throws<InputFault>(() => OrderCheck.ThrowIfWrong(
            new GenerateOptions
            {
                Prompt = new('x', 100_000),
                Seed = ulong.MaxValue,
                Steps = -1,
                GuidanceScale = double.PositiveInfinity,
                Eta = double.NaN,
            }));

        Assert.Equal(
            "prompt: must have 1 to 2000 characters, but has 100000; seed: must be from 0 to 4294967295, but is 18446744073709551615; "
            + "steps: must be from 1 to 1000, but is -1; guidance: must be from 1 to 30, but is Infinity; eta: must be "
            + "from 0 to 1, but is NaN",
            fault.Message);
        Assert.Equal("prompt,seed,steps,guidance,eta", fault.Field);
    }
}
