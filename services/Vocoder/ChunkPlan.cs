namespace Rewas.Vocoder;

/// <summary>The mel frames of one network call, and the samples of its output that are kept.</summary>
/// <param name="FirstFrame">First frame, from the start of the mel.</param>
/// <param name="EndFrame">Frame after the last one.</param>
/// <param name="FirstSample">First kept sample, from the start of the waveform.</param>
/// <param name="EndSample">Sample after the last kept one.</param>
public readonly record struct Chunk(long FirstFrame, long EndFrame, long FirstSample, long EndSample);

/// <summary>
/// Divides a mel into chunks so that the vocoder's outputs, concatenated, equal its output for the whole mel. Each call also gets the
/// frames on both sides that its receptive field reaches. Their samples are dropped.
/// </summary>
/// <param name="chunkFrames">Frames per call whose samples are kept.</param>
/// <param name="contextFrames">Frames on each side that a sample depends on.</param>
/// <param name="hopSamples">Samples per frame.</param>
public sealed class ChunkPlan(int chunkFrames, int contextFrames, int hopSamples)
{
    long nextFrame;

    /// <summary>Earlier frames are no longer needed.</summary>
    public long FirstFrameNeeded => Math.Max(0, nextFrame - contextFrames);

    /// <summary>The next chunk. Null if more frames are needed or none are left.</summary>
    /// <param name="frames">Number of frames received.</param>
    /// <param name="ended">Whether these are all frames.</param>
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
