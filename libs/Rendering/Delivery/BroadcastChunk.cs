using System.Globalization;
using System.Text;
using Rewas.Sound.Wav;

namespace Rewas.Rendering.Delivery;

/// <summary>
/// The broadcast audio extension chunk, version 2 (EBU Tech 3285). ffmpeg writes version 1, which has no loudness, so this is written here.
/// </summary>
static class BroadcastChunk
{
    const int DescriptionBytes = 256, NameBytes = 32, UmidBytes = 64, ReservedBytes = 180;
    const short Version = 2, NotMeasured = 0x7FFF;

    public static WavChunk Of(SoundNotes notes, WavForm form)
    {
        using var chunk = new MemoryStream();
        using var fields = new BinaryWriter(chunk);                          // little-endian on every platform
        fields.Write(Ascii(notes.Prompt, DescriptionBytes));
        fields.Write(Ascii(SoundNotes.Originator, NameBytes));
        fields.Write(Ascii(notes.Sha256, NameBytes));
        fields.Write(Ascii(notes.MadeAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), 10));
        fields.Write(Ascii(notes.MadeAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), 8));
        fields.Write(notes.SamplesSinceMidnight(form.SampleRate));
        fields.Write(Version);
        fields.Write(new byte[UmidBytes]);
        fields.Write(Hundredths(notes.Levels?.Loudness));
        fields.Write(Hundredths(notes.Levels?.LoudnessRange));
        fields.Write(Hundredths(notes.Levels?.TruePeak));
        fields.Write(Hundredths(notes.Levels?.MostMomentary));
        fields.Write(Hundredths(notes.Levels?.MostShortTerm));
        fields.Write(new byte[ReservedBytes]);
        fields.Write(Encoding.ASCII.GetBytes(CodingHistory(notes, form)));
        return new("bext", chunk.ToArray());
    }

    /// <summary>One line of EBU R 98: algorithm, rate, bits, mode, and what made it.</summary>
    public static string CodingHistory(SoundNotes notes, WavForm form) => string.Create(
        CultureInfo.InvariantCulture,
        $"A=PCM,F={form.SampleRate},W={form.Encoding.SampleBytes() * 8},M={Mode(notes, form)},"
        + $"T={Plain(notes.MadeBy).Replace(',', ';')}\r\n");

    static string Mode(SoundNotes notes, WavForm form) => form.Channels switch
    {
        1 => "mono",
        2 => notes.HasSeveralTracks ? "dual-mono" : "stereo",
        _ => "multitrack",
    };

    /// <summary>Text in a field of fixed length, which ends with zeros. The field is ASCII; other letters become "?".</summary>
    static byte[] Ascii(string text, int length)
    {
        var field = new byte[length];
        var plain = Plain(text);
        Encoding.ASCII.GetBytes(plain.Length <= length ? plain : plain[..length]).CopyTo(field, 0);
        return field;
    }

    static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c > '~' ? '?' : c));

    static short Hundredths(double? level) =>
        level is { } known && Math.Abs(known) < NotMeasured / 100 ? (short)Math.Round(known * 100) : NotMeasured;
}
