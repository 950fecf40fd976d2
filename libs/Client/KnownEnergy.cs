using System.Globalization;
using Rewas.Clip.Faults;
using Rewas.V1;
using ControlDescriptors = Rewas.Clip.ControlDescriptors;
using ControlNames = Rewas.Clip.Names.ControlNames;
using WindowControl = Rewas.Clip.WindowControl;
using ClipTiming = Rewas.Clip.ClipTiming;
using CurveEdit = Rewas.Sound.Curves.CurveEdit;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Client;

/// <summary>Energy that needs no prediction: it was predicted before, or the user has drawn it.</summary>
/// <param name="Curve">As long as the video.</param>
/// <param name="Video">The facts that the video encoder would find. The sound will have AudioSamples samples.</param>
public sealed record KnownEnergy(EnergyCurve Curve, VideoInfo Video)
{
    /// <summary>Onsets and texture that belong to the curve.</summary>
    public PredictedDescriptors Descriptors { get; init; } = PredictedDescriptors.None;

    /// <summary>
    /// True to use the cuts found in the picture, if the client has a cache and the video was encoded before. For example, a curve drawn by
    /// a user has no cuts of its own.
    /// </summary>
    public bool CutsOfPicture { get; init; }

    /// <summary>Number of energy values for so many samples. The last value may reach past the end.</summary>
    public static int CountFor(long samples) => checked((int)((samples + ClipTiming.HopSamples - 1) / ClipTiming.HopSamples));

    /// <summary>The control signals of the sound.</summary>
    internal WindowControl ToControl() => new(
        Curve.Values.ToArray(),
        Descriptors.Onsets.Count == 0 ? null : [.. Descriptors.Onsets],
        Descriptors.Texture.Count == 0 ? null : [.. Descriptors.Texture])
    {
        Cuts = Descriptors.Cuts,
    };

    /// <summary>True if the descriptors are empty or as long as the curve.</summary>
    internal bool HasWholeDescriptors =>
        (Descriptors.Onsets.Count == 0 || Descriptors.Onsets.Count == Curve.Count)
        && (Descriptors.Texture.Count == 0 || Descriptors.Texture.Count == Curve.Count * ControlDescriptors.TextureNumbers);

    internal IEnumerable<InputFault> Faults(IReadOnlyList<CurveEdit> edits, string? control)
    {
        if ((control == ControlNames.Onset && Descriptors.Onsets.Count == 0)
            || (control == ControlNames.Texture && Descriptors.Texture.Count == 0))
            return [InputFault.Invalid("control", $"'{control}' needs more of the picture than its energy, and the energy was given")];
        if (!HasWholeDescriptors)
            return [
                InputFault.Invalid(
                    "descriptors",
                    $"must be as many as the curve's {Curve.Count} values, but are {Descriptors.Onsets.Count} onsets and "
                    + $"{Descriptors.Texture.Count} numbers of texture"),
            ];
        var count = CountFor(Video.AudioSamples);
        return Curve.Count == count
            ? edits.SelectMany(edit => edit.Faults(count))
            : [InputFault.Invalid("curve", string.Create(
                CultureInfo.InvariantCulture,
                $"must last as long as the video, {count} values ({EnergyCurve.SecondsAt(count):0.00} s), but has {Curve.Count} "
                + $"({Curve.DurationSeconds:0.00} s)"))];
    }
}
