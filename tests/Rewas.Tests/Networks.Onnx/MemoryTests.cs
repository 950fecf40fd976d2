using Rewas.Clip.Faults;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks.Onnx;

public class MemoryTests
{
    [Fact]
    public void Weights_that_cannot_fit_are_refused_with_need_and_limit()
    {
        Assert.Equal(7, MemoryCheck.LoadIfFits("denoiser", 1 << 20, () => 7));
        var fault = Assert.Throws<InputFault>(() => MemoryCheck.LoadIfFits("denoiser", 1L << 50, Unused));
        Assert.Equal((FaultKind.Exhausted, "memory"), (fault.Kind, fault.Field));
        Assert.Matches(
            @"the weights of 'denoiser' take 1073741824 MiB, but of (the machine's memory|the container's limit) "
            + @"of \d+ MiB only \d+ MiB are left",
            fault.Message);
    }

    [Fact]
    public void Weights_that_are_loaded_at_this_moment_count()
    {
        // Of what is left, from 3/8 to 3/4: once it fits and three times it does not, though other work takes memory meanwhile.
        var part = 1L << 50;
        while (!Fits(part))
            part /= 2;
        part = part / 4 * 3;
        Assert.Throws<InputFault>(() => MemoryCheck.LoadIfFits(
            "denoiser", part,
            () => MemoryCheck.LoadIfFits("vocoder", part, () => MemoryCheck.LoadIfFits("text_encoder", part, Unused))));
        Assert.True(Fits(part));
    }

    static bool Fits(long bytes)
    {
        try
        {
            return MemoryCheck.LoadIfFits("vocoder", bytes, () => true);
        }
        catch (InputFault)
        {
            return false;
        }
    }

    static int Unused() => throw new InvalidOperationException("weights that do not fit are loaded");
}
