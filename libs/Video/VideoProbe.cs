using System.Text.Json;
using FFMpegCore;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>Reads the facts of a video file without decoding it.</summary>
public static class VideoProbe
{
    /// <summary>
    /// Tolerated shortfall of a picture stream against its header. A stream that falls short by more than both was cut off.
    /// </summary>
    const double ToleratedShortfallSeconds = 0.25, ToleratedShortfall = 0.02;

    /// <summary>
    /// Tolerated steps of decoding times. A larger backward step, or a larger forward step in an MPEG stream, means another clock.
    /// </summary>
    const double ToleratedStepBackSeconds = 0.1, ToleratedStepForthSeconds = 10;

    /// <summary>Frames per second at which the longest video of the largest picture is accepted.</summary>
    const double RateOfLargestVideo = 120;

    /// <summary>Messages of ffprobe about truncated files.</summary>
    static readonly string[] SignsOfTruncation = ["partial file", "ended prematurely", "moov atom not found"];

    /// <summary>Checks facts against limits other than those that they were read with.</summary>
    /// <exception cref="InputFault">Exhausted: over a limit. Invalid: below one.</exception>
    public static void ThrowUnlessWithin(VideoFacts facts, VideoLimits limits)
    {
        ThrowUnlessSizeIsAccepted(facts.Width, facts.Height, facts.PixelAspect, limits);
        ThrowIfTooLong(facts.Duration.TotalSeconds, limits);
        ThrowIfTooManyFrames(facts, limits);
    }

    /// <summary>
    /// :: Step 1: check the file and its size. :: Step 2: call ffprobe once. :: Step 3: check the header against the limits. :: Step 4:
    /// check the times of all packets, which give the exact duration and show whether anything is missing.
    /// </summary>
    /// <param name="path">Any name. It is never taken for an option or a URL.</param>
    /// <exception cref="InputFault">
    /// NotFound: the file does not exist. Invalid: it is no video, is truncated, has only sound, too few frames, or times that jump.
    /// Exhausted: it exceeds a limit. Precondition: ffmpeg is not installed.
    /// </exception>
    public static async Task<VideoFacts> ReadAsync(string path, VideoLimits limits, CancellationToken cancellationToken = default)
    {
        // :: Step 1
        VideoFile.ThrowUnlessAcceptable(path, limits);

        // :: Step 2
        var (header, listing, endsEarly) = await ListAsync(path, limits, cancellationToken);

        // :: Step 3
        var picture = header.Picture
            ?? throw InputFault.Invalid("video", header.HasAudio ? "has sound but no moving picture" : "has no moving picture");
        var turned = picture.ClockwiseRotation() is 90 or 270;
        var (width, height) = turned ? (picture.Height ?? 0, picture.Width ?? 0) : (picture.Width ?? 0, picture.Height ?? 0);
        var pixelAspect = turned ? 1 / picture.PixelAspect() : picture.PixelAspect();
        ThrowUnlessSizeIsAccepted(width, height, pixelAspect, limits);
        ThrowIfTooLong(header.PictureDuration.TotalSeconds, limits);

        // :: Step 4
        var packets = listing.Packets(picture.Index);
        var order = OrderOf(header, picture, packets, path);
        var clock = header.PictureClock ?? throw WithoutTimes();
        ThrowIfTimesJump(packets, clock, header.Container);
        var shown = packets.Shown(order == FrameOrder.Generated);
        var start = shown is { Start: var first } ? clock.Floor(first) : null;
        var duration = shown is { Length: var length } ? clock.Round(length) : TimeSpan.Zero;
        if (endsEarly)
            throw InputFault.Invalid("video", FormattableString.Invariant(
                $"truncated: the file ends inside its picture, after {packets.Frames} frames ({duration?.TotalSeconds:0.###} s)"));
        ThrowIfTooLong((duration ?? TimeSpan.MaxValue).TotalSeconds, limits);
        ThrowIfCutShort(duration!.Value.TotalSeconds, header.PictureDuration.TotalSeconds);
        if (packets.Frames < limits.MinFrames)
            throw InputFault.Invalid("video", $"must have at least {limits.MinFrames} frames, but has {packets.Frames}");
        if (duration <= TimeSpan.Zero || start is null)
            throw WithoutTimes();
        var rate = header.RateNear(packets.Frames / duration.Value.TotalSeconds);
        var facts = new VideoFacts
        {
            Duration = duration.Value,
            Frames = packets.Frames,
            Start = start.Value,
            StartOffset = start.Value - (header.Start ?? start.Value),
            Width = width,
            Height = height,
            PixelAspect = pixelAspect,
            Rotation = picture.ClockwiseRotation(),
            Codec = picture.CodecName ?? "unknown",
            Container = header.Container,
            Interlaced = picture.IsInterlaced(),
            HasAudio = header.HasAudio,
            Rate = rate,
            Timecode = Timecode.Parse(header.Timecode, rate),
            StreamIndex = picture.Index,
            Order = order,
            HiddenFrames = packets.Hidden,
            HasAlphaBeside = header.HasAlphaBeside,
            Others = header.Others,
            Tags = header.Tags,
            FfmpegVersion = header.FfmpegVersion,
        };
        ThrowIfTooManyFrames(facts, limits);
        return facts;
    }

    static async Task<(FileHeader Header, MediaListing Listing, bool EndsEarly)> ListAsync(
        string path, VideoLimits limits, CancellationToken cancellationToken)
    {
        await using var process = MediaProcess.Start(
            Ffmpeg.Locate().ProberPath,
            [.. Ffmpeg.CommonToProber, .. Ffmpeg.Untrusted, .. MediaListing.Question, "-i", Ffmpeg.Argument(path)],
            limits.ProbeTimeout,
            cancellationToken,
            new Confinement { MemoryBytes = limits.MaxDecoderBytes });
        process.Input.Close();
        try
        {
            MediaListing? listing = null;
            JsonException? broken = null;
            try
            {
                listing = await MediaListingReader.ReadAsync(process.Output);
            }
            catch (JsonException failure)                                    // ffprobe ended early and states the reason
            {
                broken = failure;
            }
            var said = await process.EndAsync();
            return listing is not null
                ? (FileHeader.Parse(listing.Header), listing,
                    SignsOfTruncation.Any(sign => said.Contains(sign, StringComparison.OrdinalIgnoreCase)))
                : throw new InvalidDataException("the header cannot be understood", broken);
        }
        catch (MediaProcessException failure)
        {
            throw NotAVideo(failure, path);
        }
        catch (InvalidDataException failure)
        {
            throw InputFault.Invalid("video", failure.Message, failure);
        }
    }

    static FrameOrder OrderOf(FileHeader header, VideoStream picture, PacketTimes packets, string path)
    {
        if (packets.Untimed == 0)
            return FrameOrder.Stated;
        if (!header.Reorders)
            return FrameOrder.AsStored;
        if (picture.CodecName is "h264" or "hevc" or "vvc")                  // a frame of these may wait for several others
            return FrameOrder.Unknown;
        var packed = picture.CodecName == "mpeg4" && header.Container == "avi" && PackedFrames.AreMarkedIn(path);
        return packed ? FrameOrder.Packed : FrameOrder.Generated;
    }

    /// <summary>
    /// Detects jumps by ffmpeg's own measure. ffmpeg and players take the times after a jump for another recording's. Only these containers
    /// store decoding times; for others ffmpeg counts or derives them.
    /// </summary>
    static void ThrowIfTimesJump(PacketTimes packets, TimeBase clock, string container)
    {
        var (back, forth) = (packets.LargestStepBack, packets.LargestStepForth);
        var isMpeg = container is "mpegts" or "mpeg";
        var step = (isMpeg || container is "flv") && Seconds(back.By) < -ToleratedStepBackSeconds ? back
            : isMpeg && Seconds(forth.By) > ToleratedStepForthSeconds ? forth
            : default;
        if (step == default)
            return;
        var at = Seconds((Int128)step.At - (packets.FirstDecoding ?? 0));
        throw InputFault.Invalid("video", FormattableString.Invariant(
            $"its timestamps jump by {Seconds(step.By):+0.###;-0.###} s after {at:0.###} s, as in joined recordings: ")
            + "`ffmpeg -i VIDEO -c copy NEW.mkv` repairs it");

        double Seconds(Int128 ticks) => (double)ticks * clock.Numerator / clock.Denominator;
    }

    static InputFault WithoutTimes() => InputFault.Invalid("video", "its frames have no times");

    static InputFault NotAVideo(MediaProcessException failure, string path) =>
        failure.Mentions("moov atom not found") && VideoFile.BeginsAsMp4(path)
            ? InputFault.Invalid("video", "truncated: the index of the file (moov) is missing", failure)
        : failure.Mentions("ended prematurely") ? InputFault.Invalid("video", "truncated: the file ends inside its picture", failure)
        : failure.Mentions("permission denied") ? InputFault.Invalid("video", "the file cannot be read: permission denied", failure)
        : InputFault.Invalid("video", "not a video file (mp4, mov, mkv, webm, avi, flv, mpeg, ts, ogg, asf or mxf)", failure);

    static void ThrowUnlessSizeIsAccepted(int width, int height, double pixelAspect, VideoLimits limits)
    {
        if ((long)width * height > limits.MaxPixels)
            throw InputFault.Exhausted(
                "video", $"at most {limits.MaxPixels} pixels are accepted, but the picture has {width}x{height} = {(long)width * height}");
        if (Math.Min(width, height) < limits.MinSide)
            throw InputFault.Invalid(
                "video", $"each side must have at least {limits.MinSide} pixels, but the picture has {width}x{height}");
        if (IsSliver(width))
            throw InputFault.Invalid("video", FormattableString.Invariant(
                $"one side may be at most {limits.MaxAspectRatio} times the other, but the picture has {width}x{height}"));
        if (IsSliver(width * pixelAspect))
            throw InputFault.Invalid("video", FormattableString.Invariant(
                $"one side may be at most {limits.MaxAspectRatio} times the other, but the picture is shown as ")
                + FormattableString.Invariant($"{width * pixelAspect:0.#}x{height}"));

        bool IsSliver(double shownWidth) => Math.Max(shownWidth, height) / Math.Min(shownWidth, height) > limits.MaxAspectRatio;
    }

    /// <summary>
    /// Every frame takes time to decode, those that an edit list hides too, and one that repeats the frame before it takes a few bytes. A
    /// small file could have millions.
    /// </summary>
    static void ThrowIfTooManyFrames(VideoFacts facts, VideoLimits limits)
    {
        if (facts.FrameRate > limits.MaxFrameRate)
            throw InputFault.Exhausted("video", FormattableString.Invariant(
                $"at most {limits.MaxFrameRate} frames per second are accepted, but it has {facts.FrameRate:0.#} on average"));
        var rate = Math.Min(limits.MaxFrameRate, RateOfLargestVideo * limits.MaxPixels / ((double)facts.Width * facts.Height));
        var (most, frames) = (rate * limits.MaxDuration.TotalSeconds, facts.Frames + facts.HiddenFrames);
        if (frames > most)
            throw InputFault.Exhausted("video", FormattableString.Invariant(
                $"at most {most:0} frames of {facts.Width}x{facts.Height} are accepted, but it has {frames}"));
    }

    static void ThrowIfCutShort(double seconds, double promisedSeconds)
    {
        if (seconds < promisedSeconds - Math.Max(ToleratedShortfallSeconds, ToleratedShortfall * promisedSeconds))
            throw InputFault.Invalid("video", FormattableString.Invariant(
                $"truncated: its header promises {promisedSeconds:0.###} s of picture, but there are {seconds:0.###} s"));
    }

    static void ThrowIfTooLong(double seconds, VideoLimits limits)
    {
        if (seconds > limits.MaxDuration.TotalSeconds)
            throw InputFault.Exhausted("video", FormattableString.Invariant(
                $"at most {limits.MaxDuration.TotalSeconds:0.###} s are accepted, but it lasts {seconds:0.###} s or more")
                + (limits.RaisedBy.Length > 0 ? $" ({limits.RaisedBy} raises the limit)" : ""));
    }
}
