using Rewas.Clip;
using Rewas.Clip.Files;

namespace Rewas.Evaluation.Guards;

/// <summary>Voices and music of one side, made once and kept in a file.</summary>
/// <param name="Speech">Each [96000], 16-bit, 16 kHz; so are the next ones.</param>
public sealed record GuardSounds(short[][] Speech, short[][] Singing, short[][] Music)
{
    /// <summary>Samples of each sound: six seconds, so that a window of 5.12 s can start anywhere in the first.</summary>
    public const int Samples = 6 * ClipTiming.SampleRate;

    const float Peak = 0.7f * short.MaxValue;

    /// <summary>Reads the sounds from a file, or makes them with espeak-ng and fluidsynth and writes the file.</summary>
    /// <param name="path">Null: they are not kept.</param>
    /// <param name="counts">How many of each kind.</param>
    public static async Task<GuardSounds> OpenAsync(
        string? path, GuardSide side, (int Speech, int Singing, int Music) counts, string font, CancellationToken cancellation)
    {
        var all = counts.Speech + counts.Singing + counts.Music;
        if (path is not null && File.Exists(path) && new FileInfo(path).Length == (long)all * Samples * sizeof(short))
            return Split(await File.ReadAllBytesAsync(path, cancellation), counts);
        var voices = new SpokenVoices(side);
        var seed = (ulong)side << 32;
        var sounds = new List<short[]>();
        for (var i = 0; i < counts.Speech; i++)
            sounds.Add(Stored(await voices.SpeakAsync(seed + (ulong)i, cancellation)));
        for (var i = 0; i < counts.Singing; i++)
            sounds.Add(Stored(await voices.SingAsync(seed + (ulong)i, cancellation)));
        sounds.AddRange((await RenderedMusic.PlayAsync(counts.Music, side, seed, font, cancellation)).Select(Stored));
        if (path is not null)
            PartialFile.Write(path, "run", stream =>
            {
                foreach (var sound in sounds)
                    stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<short>(sound));
            });
        return Of(sounds, counts);
    }

    static GuardSounds Split(byte[] bytes, (int Speech, int Singing, int Music) counts) => Of(
        [
            .. bytes.Chunk(Samples * sizeof(short))
                .Select(sound => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(sound).ToArray()),
        ],
        counts);

    static GuardSounds Of(List<short[]> sounds, (int Speech, int Singing, int Music) counts) => new(
        [.. sounds.Take(counts.Speech)], [.. sounds.Skip(counts.Speech).Take(counts.Singing)],
        [.. sounds.Skip(counts.Speech + counts.Singing)]);

    /// <summary>Brings a sound to six seconds and one peak. A shorter one is followed by silence.</summary>
    static short[] Stored(float[] wave)
    {
        var stored = new short[Samples];
        var scale = Peak / Math.Max(1e-6f, wave.Max(MathF.Abs));
        for (var i = 0; i < Math.Min(Samples, wave.Length); i++)
            stored[i] = (short)(wave[i] * scale);
        return stored;
    }
}
