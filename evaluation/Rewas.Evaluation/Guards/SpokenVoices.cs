using System.Globalization;
using Rewas.Clip;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Guards;

/// <summary>
/// Speech and singing by espeak-ng in many languages, voices, speeds and pitches. The text is numbers and invented words, so there is no end
/// of it and it fits every language.
/// </summary>
sealed class SpokenVoices(GuardSide side)
{
    static readonly string[] Languages =
    [
        "en-us", "de", "fr-fr", "es", "it", "pt-br", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "bg", "ru", "uk", "el",
        "tr", "hi", "bn", "ta", "vi", "id", "ms", "sw", "ko", "cmn", "hr", "sr", "ca", "et", "lt", "lv", "is", "ga", "eo", "en-gb",
    ];

    static readonly string[] Variants =
    [
        "f1", "m1", "f2", "m2", "f3", "m3", "f4", "m4", "f5", "m5", "m6", "Annie", "m7", "Andrea", "m8", "linda", "Mike", "steph",
        "michel", "anika", "Denis", "Alicia", "max", "belinda", "rob", "shelby", "zac", "aunty", "grandpa", "Marco", "adam", "Lee",
    ];

    /// <summary>A scale in semitones above its first note.</summary>
    static readonly int[] Scale = [0, 2, 4, 5, 7, 9, 11, 12];

    readonly string[] languages = GuardSides.Of(Languages, side), variants = GuardSides.Of(Variants, side);

    /// <summary>The voices of one side by espeak-ng's names, for tests.</summary>
    public IReadOnlyList<string> Names => [.. languages.SelectMany(language => variants.Select(variant => $"{language}+{variant}"))];

    /// <summary>Somebody speaks for about five seconds, and sometimes for one or two.</summary>
    /// <returns>Mono, 16 kHz.</returns>
    public async Task<float[]> SpeakAsync(ulong seed, CancellationToken cancellation)
    {
        var random = new SceneRandom(seed).Fork("speech");
        var words = Enumerable.Range(0, random.Chance(0.25) ? 3 : 14).Select(_ => Word(random));
        return await SoundProgram.RunAsync(
            "espeak-ng",
            output => ["-v", Voice(random), "-s", Number(random.Between(110, 230)), "-p", Number(random.Between(10, 90)), "-w", output,
                string.Join(' ', words)],
            ClipTiming.SampleRate, cancellation);
    }

    /// <summary>Somebody sings a melody: one long vowel for each note, brought to the note's pitch, with a little vibrato.</summary>
    /// <returns>Mono, 16 kHz.</returns>
    public async Task<float[]> SingAsync(ulong seed, CancellationToken cancellation)
    {
        var random = new SceneRandom(seed).Fork("singing");
        var (voice, pitch, vibrato) = ("en-us+" + random.Pick<string>(variants), random.Between(20, 80), random.Between(0, 0.02));
        var (sung, step) = (new List<float>(), random.Below(Scale.Length));
        while (sung.Count < GuardSounds.Samples)
        {
            var syllable = random.Pick("l") + random.Pick("'A", "'i", "'o", "'u", "'e") + new string(':', 2 + random.Below(5));
            var note = await SoundProgram.RunAsync(
                "espeak-ng",
                output => ["-v", voice, "-p", Number(pitch), "-s", Number(random.Between(80, 140)), "-m", "-w", output,
                    $"<speak><prosody range='0'>[[{syllable}]]</prosody></speak>"],
                ClipTiming.SampleRate, cancellation);
            step = Math.Clamp(step + random.Below(5) - 2, 0, Scale.Length - 1);
            sung.AddRange(AtPitch(Sounding(note), Math.Pow(2, (Scale[step] - 5) / 12.0), vibrato));
        }
        return [.. sung];
    }

    string Voice(SceneRandom random) => $"{random.Pick<string>(languages)}+{random.Pick<string>(variants)}";

    static string Word(SceneRandom random)
    {
        if (random.Chance(0.4))
            return random.Below(10_000).ToString(CultureInfo.InvariantCulture);
        return string.Concat(Enumerable.Range(0, 1 + random.Below(3)).Select(_ =>
            random.Pick("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "st", "tr", "sh")
            + random.Pick("a", "e", "i", "o", "u", "ai", "au")
            + random.Pick("", "", "n", "r", "s", "l", "t")));
    }

    /// <summary>Cuts the silence at both ends.</summary>
    static ReadOnlySpan<float> Sounding(float[] wave)
    {
        var least = 0.05f * wave.Max(MathF.Abs);
        var (first, last) = (Array.FindIndex(wave, s => MathF.Abs(s) > least), Array.FindLastIndex(wave, s => MathF.Abs(s) > least));
        return first < 0 ? wave : wave.AsSpan(first, last - first + 1);
    }

    /// <summary>Reads a note faster or slower, with a vibrato of six cycles a second.</summary>
    static float[] AtPitch(ReadOnlySpan<float> note, double ratio, double vibrato)
    {
        var sung = new List<float>();
        for (var at = 0.0; at < note.Length - 1;)
        {
            var (whole, rest) = ((int)at, (float)(at - (int)at));
            sung.Add(note[whole] * (1 - rest) + note[whole + 1] * rest);
            at += ratio * (1 + vibrato * Math.Sin(Math.Tau * 6 * sung.Count / ClipTiming.SampleRate));
        }
        return [.. sung];
    }

    static string Number(double value) => ((int)value).ToString(CultureInfo.InvariantCulture);
}
