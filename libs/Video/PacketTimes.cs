namespace Rewas.Video;

/// <summary>Start and end of the frames of one stream, in ticks of its clock, from its packets in file order.</summary>
sealed class PacketTimes
{
    Extent stated, generated;
    long? waiting, lastDecoding;
    long lastDuration;

    /// <summary>Number of frames that are shown.</summary>
    public long Frames { get; private set; }

    /// <summary>Number of frames that an edit list hides. They are decoded only for later frames.</summary>
    public long Hidden { get; private set; }

    /// <summary>Number of packets without a display time.</summary>
    public long Untimed { get; private set; }

    /// <summary>The largest backward step of decoding times, and the decoding time before it.</summary>
    public (long At, Int128 By) LargestStepBack { get; private set; }

    /// <summary>The largest forward step.</summary>
    public (long At, Int128 By) LargestStepForth { get; private set; }

    /// <summary>The first decoding time.</summary>
    public long? FirstDecoding { get; private set; }

    /// <param name="presentation">Display time, or null.</param>
    /// <param name="decoding">Decoding time, or null.</param>
    /// <param name="duration">0 if unknown.</param>
    /// <param name="hidden">Whether the frame is never shown.</param>
    public void Add(long? presentation, long? decoding, long duration, bool hidden)
    {
        Step(decoding ?? presentation);
        if (hidden)
        {
            Hidden++;
            return;
        }
        Frames++;
        Untimed += presentation is null ? 1 : 0;
        if ((presentation ?? decoding) is { } time)
            stated.Add(time, duration);
        Generate(presentation, decoding, duration);
    }

    /// <summary>
    /// Start of the first frame, and ticks from there to the end of the last. A last frame of unknown length counts as an average one.
    /// </summary>
    /// <param name="generate">True: a frame without a display time is shown when the next reference frame is decoded (ffmpeg's genpts).
    /// False: when it is decoded itself.</param>
    /// <returns>Null if no frame has a time.</returns>
    public (long Start, Int128 Length)? Shown(bool generate)
    {
        var extent = stated;
        if (generate)
        {
            extent = generated;
            if (waiting is not null && lastDecoding is { } last)
                extent.Add(last + lastDuration, lastDuration);
        }
        return extent.IsEmpty ? null : (extent.First, extent.Length(Frames));
    }

    void Step(long? time)
    {
        if (time is not { } now)
            return;
        FirstDecoding ??= now;
        if (lastDecoding is { } before)
        {
            var step = (Int128)now - before;
            if (step < LargestStepBack.By)
                LargestStepBack = (before, step);
            if (step > LargestStepForth.By)
                LargestStepForth = (before, step);
        }
        lastDecoding = now;
    }

    /// <summary>Resolves the waiting frame. A frame that is decoded when it is shown (a B-frame) gives no information about it.</summary>
    void Generate(long? presentation, long? decoding, long duration)
    {
        if (waiting is not null && decoding is { } next && presentation != decoding)
        {
            generated.Add(next, lastDuration);
            waiting = null;
        }
        if (presentation is { } time)
            generated.Add(time, duration);
        else
            waiting = decoding;
        lastDuration = duration;
    }

    struct Extent
    {
        bool any;
        long first, last, lastDuration;

        public readonly bool IsEmpty => !any;

        public readonly long First => first;

        public void Add(long time, long duration)
        {
            first = any ? Math.Min(first, time) : time;
            if (!any || time >= last)
                (last, lastDuration) = (time, duration);
            any = true;
        }

        public readonly Int128 Length(long frames)
        {
            var span = (Int128)last - first;
            return span + (lastDuration > 0 || frames == 1 ? lastDuration : span / Math.Max(1, frames - 1));
        }
    }
}
