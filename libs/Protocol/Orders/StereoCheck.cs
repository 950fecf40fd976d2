using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>A width and a pan need two channels, which follow from them where nothing is said about channels.</summary>
public static class StereoCheck
{
    /// <summary>Whether a finish gives sound a width or a place.</summary>
    public static bool IsWideOrPlaced(StudioFinish finish) => finish.Width != 0 || finish.Pan.Length > 0;

    internal static IEnumerable<InputFault> Faults(StudioFinish? finish)
    {
        if (finish is { Channels: 1 } && IsWideOrPlaced(finish))
            yield return InputFault.Invalid(
                finish.Width != 0 ? OrderTable.Width.Name : OrderTable.Pan.Name, "needs 2 channels, but channels is 1");
    }
}
