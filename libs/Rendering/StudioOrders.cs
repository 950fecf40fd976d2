using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Sound.Curves;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Rendering;

/// <summary>Builds the order of a request. The order shares the request's messages.</summary>
public static class StudioOrders
{
    public static SoundOrder ToOrder(this StartRenderRequest request) => new()
    {
        Options = request.Options,
        Environment = request.Environment,
        Curve = request.Curve,
        Edits = { request.Edits },
        References = request.References,
        Finish = request.Finish,
        Format = request.Format,
        Delivery = request.Delivery,
    };

    public static SoundOrder ToOrder(this JobItem item) => new()
    {
        Options = item.Options,
        Environment = item.Environment,
        Finish = item.Finish ?? new(),
        Curve = item.Curve,
        Edits = { item.Edits },
        Format = item.Format,
        References = item.References,
        Delivery = item.Delivery,
    };

    /// <summary>Checks that edits fit a video before anything is made.</summary>
    /// <exception cref="InputFault">An edit does not fit.</exception>
    public static void ThrowUnlessEditsFit(this SoundOrder order, TimeSpan duration) =>
        InputFault.ThrowIfAny(order.Edits.ToEdits().SelectMany(edit => edit.Faults(KnownEnergy.CountFor(ClipTiming.SamplesIn(duration)))));
}
