using System.Globalization;
using Rewas.Clip.Output;
using Rewas.Library.Scanning;

namespace Rewas.Cli.Library;

/// <summary>Describes a recording in one line.</summary>
static class SoundText
{
    public static string Of(IndexedSound sound) => string.Create(
        CultureInfo.InvariantCulture,
        $"{PlainText.Of(sound.Path)}  {sound.Seconds:0.00} s  {sound.SampleRate} Hz  {sound.Channels} ch  {Loudness(sound)}  "
            + $"{sound.OnsetsPerSecond:0.0} onsets/s");

    static string Loudness(IndexedSound sound) =>
        sound.Loudness is { } lufs ? string.Create(CultureInfo.InvariantCulture, $"{lufs:0.0} LUFS") : "silent";
}
