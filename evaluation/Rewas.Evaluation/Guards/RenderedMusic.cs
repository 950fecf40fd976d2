using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Guards;

/// <summary>
/// Music by fluidsynth from a sound font. Several pieces are rendered at once, because loading the font takes the most time.
/// </summary>
public static class RenderedMusic
{
    /// <summary>The General MIDI font of Debian's fluid-soundfont-gm (MIT licence).</summary>
    public const string UsualFont = "/usr/share/sounds/sf2/FluidR3_GM.sf2";

    /// <summary>Pieces of one file, and the silence after each, in which its notes fade.</summary>
    const int PiecesAtOnce = 25;
    const double Pause = 2;

    static readonly double PieceSeconds = (double)GuardSounds.Samples / ClipTiming.SampleRate;

    /// <returns>Pieces of <see cref="GuardSounds.Samples"/>, mono, 16 kHz.</returns>
    /// <exception cref="InputFault">Precondition: fluidsynth or the font is missing.</exception>
    public static async Task<IReadOnlyList<float[]>> PlayAsync(
        int count, GuardSide side, ulong seed, string font, CancellationToken cancellation)
    {
        if (!File.Exists(font))
            throw InputFault.Precondition("fluidsynth", $"needs the sound font '{font}': apt-get install fluid-soundfont-gm");
        var (pieces, programs) = (new List<float[]>(), MusicPiece.ProgramsOf(side));
        using var folder = PrivateFolder.Create();
        while (pieces.Count < count)
        {
            var part = Math.Min(PiecesAtOnce, count - pieces.Count);
            var random = new SceneRandom(seed + (ulong)pieces.Count).Fork("music");
            var midi = new MidiFile();
            for (var i = 0; i < part; i++)
            {
                MusicPiece.Compose(midi, i * (PieceSeconds + Pause), PieceSeconds, random, programs);
                for (var channel = 0; channel < MidiFile.Channels; channel++)
                    midi.Silence((i + 1) * (PieceSeconds + Pause) - 0.1, channel);
            }
            var score = Path.Combine(folder.Path, "score.mid");
            midi.Write(score, part * (PieceSeconds + Pause));
            var wave = await SoundProgram.RunAsync(
                "fluidsynth", output => ["-n", "-i", "-q", "-r", "32000", "-g", "0.5", "-F", output, font, score],
                ClipTiming.SampleRate, cancellation);
            for (var i = 0; i < part; i++)
            {
                var first = (int)(i * (PieceSeconds + Pause) * ClipTiming.SampleRate);
                pieces.Add(wave[Math.Min(first, wave.Length)..Math.Min(first + GuardSounds.Samples, wave.Length)]);
            }
        }
        return [.. pieces.Where(piece => piece.Length == GuardSounds.Samples)];
    }
}
