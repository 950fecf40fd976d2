using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>Whether a video's picture can be copied into a container, frame for frame and as it is shown.</summary>
static class PictureFit
{
    /// <exception cref="InputFault">It cannot. The message names the containers that can hold it.</exception>
    public static void ThrowUnlessHeld(VideoFacts facts, OutputContainer container)
    {
        if (facts.Order == FrameOrder.Unknown)
            throw InputFault.Invalid("video",
                $"does not say when its {facts.Codec} frames are shown, so they cannot be copied in their right order: "
                + "re-encode it first, e.g. with `ffmpeg -i VIDEO NEW.mp4`");
        if (facts.Order == FrameOrder.Packed)
            throw InputFault.Invalid("video",
                "its B-frames are packed into other frames, so they cannot be copied in their right order: "
                + "`ffmpeg -i VIDEO -c copy -bsf:v mpeg4_unpack_bframes NEW.avi` unpacks them");
        if (Reason(facts, container) is not { } reason)
            return;
        var others = OutputContainer.All.Where(other => Reason(facts, other) is null).Select(other => other.Ending).ToList();
        throw InputFault.Invalid("output", others.Count > 0
            ? $"{reason}: let its name end in {Either(others)}"
            : $"{reason}, and neither can another file: re-encode the video first, e.g. with `ffmpeg -i VIDEO NEW.mp4`");
    }

    /// <summary>Why the picture does not fit, or null.</summary>
    public static string? Reason(VideoFacts facts, OutputContainer container) =>
        !container.Holds(facts.Codec) ? $"a {container.Ending} cannot hold {facts.Codec} pictures without re-encoding them"
        : facts.Rotation != 0 && !container.KeepsTurn
            ? $"a {container.Ending} cannot say that its picture is turned by {facts.Rotation} degrees"
        : facts.HiddenFrames > 0 && !container.HidesFrames
            ? $"a {container.Ending} cannot hide the {facts.HiddenFrames} frames that the video's edit list hides"
        : null;

    /// <summary>Joins endings: ".mp4, .mov or .mkv".</summary>
    public static string Either(IReadOnlyList<string> endings) =>
        endings.Count < 2 ? string.Concat(endings) : $"{string.Join(", ", endings.Take(endings.Count - 1))} or {endings[^1]}";
}
