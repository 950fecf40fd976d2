using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Video;

namespace Rewas.Trainer.Data;

/// <summary>
/// Clips of 5.12 s from a random time of filmed videos, picture and sound together. A shorter video is padded with its last frame and
/// silence. A video that cannot be read is named once and left out, because large sets always contain some.
/// </summary>
/// <param name="films">Videos with sound and prompt.</param>
/// <param name="withFrames">Whether the picture is needed.</param>
/// <param name="warnings">Receives the names of unreadable files.</param>
sealed class FilmedClips(IReadOnlyList<EvaluationClip> films, ClipTiming timing, bool withFrames, TextWriter warnings) : IClipSource
{
    /// <summary>One film in this many is held out.</summary>
    const int HeldOutEvery = 20;

    /// <summary>This many unreadable films in a row mean that the folder is the wrong one.</summary>
    const int MostFaults = 20;

    readonly HashSet<string> faulty = [];

    /// <summary>Films to train on, and films that training never sees.</summary>
    public static (IReadOnlyList<EvaluationClip> Training, IReadOnlyList<EvaluationClip> HeldOut) Split(
        IReadOnlyList<EvaluationClip> films) =>
    (
        [.. films.Where((_, i) => i % HeldOutEvery != HeldOutEvery - 1)],
        [.. films.Where((_, i) => i % HeldOutEvery == HeldOutEvery - 1)]);

    public TrainingClip Make(ulong seed)
    {
        var random = new Random((int)(seed * 0xBF58476D1CE4E5B9 >> 33));
        for (var attempt = 1; ; attempt++)
        {
            var film = films[random.Next(films.Count)];
            try
            {
                return ReadAsync(film, random.NextDouble()).GetAwaiter().GetResult();
            }
            catch (InputFault fault) when (attempt < MostFaults)
            {
                LeaveOut(film, fault);
            }
        }
    }

    /// <summary>The first window of each readable film.</summary>
    public IEnumerable<TrainingClip> Firsts()
    {
        foreach (var film in films)
        {
            TrainingClip? clip = null;
            try
            {
                clip = ReadAsync(film, at: 0).GetAwaiter().GetResult();
            }
            catch (InputFault fault)
            {
                LeaveOut(film, fault);
            }
            if (clip is not null)
                yield return clip;
        }
    }

    void LeaveOut(EvaluationClip film, InputFault fault)
    {
        lock (faulty)
        {
            if (faulty.Add(film.Name))
                warnings.WriteLine($"left out: {film.Name}: {fault.Message}");
        }
    }

    /// <param name="at">Position of the window: 0 is the first, 1 the last.</param>
    async Task<TrainingClip> ReadAsync(EvaluationClip film, double at)
    {
        var path = await film.VideoAsync("", CancellationToken.None);         // the file exists, so nothing is rendered
        var facts = await VideoProbe.ReadAsync(path, new VideoLimits());
        var sound = await film.SoundAsync(CancellationToken.None) ?? throw InputFault.Invalid("video", "has no sound");
        var first = (long)(at * Math.Max(0, FrameReader.FramesIn(facts.Duration) - ClipTiming.FramesPerWindow));

        var wave = new float[ClipTiming.SamplesPerWindow];
        var begin = (long)((first / (double)ClipTiming.FrameRate + facts.StartOffset.TotalSeconds) * ClipTiming.SampleRate);
        for (long i = 0; i < wave.Length && begin + i < sound.Length; i++)
            wave[i] = sound[begin + i];
        return TrainingClip.From(film.Prompt, [film.Prompt], withFrames ? await FramesAsync(path, facts, first) : [], wave, timing);
    }

    async Task<byte[]> FramesAsync(string path, VideoFacts facts, long first)   // -> [128, N, N, 3]
    {
        var length = timing.FrameSize * timing.FrameSize * 3;
        var frames = new byte[ClipTiming.FramesPerWindow * length];
        var (number, kept) = (0L, 0);
        await foreach (var frame in FrameReader.ReadAsync(path, facts, timing))
        {
            if (number++ >= first)
                frame.Span.CopyTo(frames.AsSpan(kept++ * length));
            if (kept == ClipTiming.FramesPerWindow)
                break;
        }
        if (kept == 0)
            throw InputFault.Invalid("video", "ends before its window");
        for (; kept < ClipTiming.FramesPerWindow; kept++)
            frames.AsSpan((kept - 1) * length, length).CopyTo(frames.AsSpan(kept * length));
        return frames;
    }
}
