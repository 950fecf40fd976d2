using Rewas.Clip.Faults;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks.Onnx;

public class MemoryTests
{
    [Fact]
    public void Weights_that_cannot_fit_are_refused_with_need_and_limit()
    {
        MemoryCheck.ThrowUnlessFits("denoiser", 1 << 20);
        var fault = Assert.Throws<InputFault>(() => MemoryCheck.ThrowUnlessFits("denoiser", 1L << 50));
        Assert.Equal((FaultKind.Exhausted, "memory"), (fault.Kind, fault.Field));
        Assert.Matches(
            @"the weights of 'denoiser' take 1073741824 MiB, but of (the machine's memory|the container's limit) "
            + @"of \d+ MiB only \d+ MiB are left",
            fault.Message);
    }
}
