using Rewas.Clip.Faults;
using Rewas.V1;
using ControlDescriptors = Rewas.Clip.ControlDescriptors;
using ControlNames = Rewas.Clip.Names.ControlNames;
using WindowControl = Rewas.Clip.WindowControl;
using ClipTiming = Rewas.Clip.ClipTiming;
using CurveEdit = Rewas.Sound.Curves.CurveEdit;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Client;

/// <summary>The energy of a video that need not be predicted: it was before, or the user has drawn it.</summary>
/// <param name="Curve">As long as the video.</param>
/// <param name="Video">What the video encoder would find in the file; the sound will have its AudioSamples.</param>
public sealed record KnownEnergy(EnergyCurve Curve, VideoInfo Video)
{
    /// <summary>Onsets and texture that go with it.</summary>
    public PredictedDescriptors Descriptors { get; init; } = PredictedDescriptors.None;

    /// <summary>
    /// The video's cuts are to be those that were found in its picture, if it was looked at before and the client has a cache; as with a
    /// curve that somebody drew for it.
    /// </summary>
    public bool CutsOfPicture { get; init; }

    /// <summary>Values of the energy of so much sound; the last may reach past its end.</summary>
    public static int CountFor(long samples) => checked((int)((samples + ClipTiming.HopSamples - 1) / ClipTiming.HopSamples));

    /// <summary>All of it as what controls a sound.</summary>
    internal WindowControl ToControl() => new(
        Curve.Values.ToArray(),
        Descriptors.Onsets.Count == 0 ? null : [.. Descriptors.Onsets],
        Descriptors.Texture.Count == 0 ? null : [.. Descriptors.Texture])
    {
        Cuts = Descriptors.Cuts,
    };

    /// <summary>Whether the descriptors are as long as the curve, where there are any.</summary>
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
            : [InputFault.Invalid("curve", FormattableString.Invariant(
                $"must last as long as the video, {count} values ({EnergyCurve.SecondsAt(count):0.00} s), but has {Curve.Count} "
                + $"({Curve.DurationSeconds:0.00} s)"))];
    }
}
