namespace Rewas.Vocoder;

/// <summary>Frames of the mel that a network call sees, and the samples of its answer that are kept.</summary>
/// <param name="FirstFrame">First frame seen, from the start of the mel.</param>
/// <param name="EndFrame">Frame after the last one seen.</param>
/// <param name="FirstSample">First sample kept, from the start of the waveform.</param>
/// <param name="EndSample">Sample after the last one kept.</param>
public readonly record struct Chunk(long FirstFrame, long EndFrame, long FirstSample, long EndSample);

/// <summary>
/// How a mel is cut so that the vocoder's answers, laid end to end, equal its answer to the whole mel: each call sees so many frames more
/// on both sides as the network's receptive field reaches, and what those frames sound like is dropped.
/// </summary>
/// <param name="chunkFrames">Frames whose samples a call gives.</param>
/// <param name="contextFrames">Frames that a sample depends on, on each side of its own.</param>
/// <param name="hopSamples">Samples per frame.</param>
public sealed class ChunkPlan(int chunkFrames, int contextFrames, int hopSamples)
{
    long nextFrame;

    /// <summary>Frames before this one are not needed any more.</summary>
    public long FirstFrameNeeded => Math.Max(0, nextFrame - contextFrames);

    /// <summary>The next chunk, or null if more frames must come first or none are left.</summary>
    /// <param name="frames">Frames that have come.</param>
    /// <param name="ended">Whether they are all.</param>
    public Chunk? Next(long frames, bool ended)
    {
        var end = nextFrame + chunkFrames;
        if (ended)
            end = Math.Min(end, frames);
        else if (end + contextFrames > frames)
            return null;
        if (end == nextFrame)
            return null;

        var chunk = new Chunk(FirstFrameNeeded, Math.Min(end + contextFrames, frames), nextFrame * hopSamples, end * hopSamples);
        nextFrame = end;
        return chunk;
    }
}
