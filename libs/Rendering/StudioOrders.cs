using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Sound.Curves;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Rendering;

/// <summary>The order in a request. The parts are the request's own.</summary>
public static class StudioOrders
{
    public static SoundOrder ToOrder(this StartRenderRequest request) => new()
    {
        Options = request.Options,
        Environment = request.Environment,
        Curve = request.Curve,
        Edits = { request.Edits },
    };

    public static SoundOrder ToOrder(this JobItem item) => new()
    {
        Options = item.Options,
        Environment = item.Environment,
        Finish = item.Finish ?? new(),
        Curve = item.Curve,
        Edits = { item.Edits },
        Format = item.Format,
    };

    /// <summary>Finds out whether edits fit a video before anything is made for it.</summary>
    /// <exception cref="InputFault">One does not.</exception>
    public static void ThrowUnlessEditsFit(this SoundOrder order, TimeSpan duration) =>
        InputFault.ThrowIfAny([.. order.Edits.SelectMany(edit =>
            edit.ToEdit().Faults(KnownEnergy.CountFor(ClipTiming.SamplesIn(duration))))]);
}
