using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>Checks that the options of recordings go together.</summary>
static class ReferenceCheck
{
    public static IEnumerable<InputFault> Faults(SoundOrder order)
    {
        var references = order.References;
        var hasSource = references is { Recordings.Count: > 0 } || references?.Library == MemoryNames.On;
        if (!hasSource && references is { Banned.Count: > 0 })
            yield return InputFault.Invalid("ban", "needs recordings (--reference FILE, or --library on)");
        if (!hasSource && references is { Pinned.Count: > 0 })
            yield return InputFault.Invalid("pin", "needs recordings (--reference FILE, or --library on)");
        if (references is { Recordings.Count: > 0 } && order.Options is { ReferenceStrength: 0, Takes.Count: > 0 })
            yield return InputFault.Invalid("take", "is of sampled sound; placed recordings are changed with ban and pin");
        if (hasSource && order.Options?.Control is ControlNames.Onset or ControlNames.TextOnly)
            yield return InputFault.Invalid(
                "control", $"must be an energy for recordings, which are placed under it, but is {order.Options.Control}");
    }
}
