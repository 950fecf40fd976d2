using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Protocol;

/// <summary>Converts the control of a window to wire messages.</summary>
public static class WindowControlMessages
{
    /// <exception cref="InputFault">The energy is absent, or a tensor has another type or shape.</exception>
    public static WindowControl ToControl(this EnergyWindow message)
    {
        const int Length = ClipTiming.MelFramesPerWindow;
        return new(
            message.Energy.ToFloatTensor("energy", Length).Floats.ToArray(),
            message.Onsets?.ToFloatTensor("onsets", Length).Floats.ToArray(),
            message.Texture?.ToFloatTensor("texture", Length, ControlDescriptors.TextureNumbers).Floats.ToArray())
        {
            Cuts = message.Cuts,
            Starts = message.Start is { } start ? StartsOf(start) : [],
        };
    }

    /// <summary>The log mel of each candidate from which sampling starts, each [512, 64].</summary>
    static float[][] StartsOf(Tensor message)
    {
        var tensor = message.ToFloatTensor("start", -1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins);
        var values = tensor.Floats;
        return [.. Enumerable.Range(0, (int)tensor.Shape[0])
            .Select(candidate => values.Slice(candidate * MelValues, MelValues).ToArray())];
    }

    const int MelValues = ClipTiming.MelFramesPerWindow * ClipTiming.MelBins;

    public static EnergyWindow ToMessage(this WindowControl control, int window)
    {
        var message = new EnergyWindow
        {
            Window = window,
            Energy = HostTensor.Of(control.Energy, control.Energy.Length).ToMessage("energy"),
            Cuts = { control.Cuts },
        };
        if (control.Onsets is { } onsets)
            message.Onsets = HostTensor.Of(onsets, onsets.Length).ToMessage("onsets");
        if (control.Texture is { } texture)
        {
            const int numbers = ControlDescriptors.TextureNumbers;
            message.Texture = HostTensor.Of(texture, texture.Length / numbers, numbers).ToMessage("texture");
        }
        if (control.Starts.Count > 0)
            message.Start = HostTensor.Of(
                control.Starts.SelectMany(mel => mel).ToArray(), control.Starts.Count, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)
                .ToMessage("start");
        return message;
    }
}
