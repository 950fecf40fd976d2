using System.Text;

namespace Rewas.Sound.Wav;

/// <summary>Builds everything of a written file that precedes its samples.</summary>
static class WavHead
{
    const uint UnknownSize = 0xFFFFFFFF;
    const int Ds64Bytes = 28;
    const short ExtensibleTag = unchecked((short)0xFFFE);

    /// <summary>The GUID of a format tag in an extensible chunk, without the tag.</summary>
    static ReadOnlySpan<byte> SubFormat => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Bytes after the samples: one if their number is odd, because chunks begin at even offsets.</summary>
    public static int PaddingFor(long dataBytes) => (int)(dataBytes & 1);

    /// <param name="frames">Samples of each channel; null if unknown, which the sizes say as all ones.</param>
    /// <returns>RIFF, or RF64 (EBU Tech 3306) if a size needs more than 32 bits.</returns>
    public static byte[] Of(WavForm form, long? frames)
    {
        var middle = Middle(form, frames);
        var dataBytes = frames * form.FrameBytes;
        // After the first eight bytes: "WAVE", the chunks, the header of the samples, the samples and their padding.
        var riffBytes = dataBytes is { } known ? 4 + middle.Length + 8 + known + PaddingFor(known) : (long?)null;
        var isLong = riffBytes > uint.MaxValue - 1;
        using var head = new MemoryStream();
        using var fields = new BinaryWriter(head);                           // little-endian on every platform
        fields.Write(isLong ? "RF64"u8 : "RIFF"u8);
        fields.Write(isLong || riffBytes is null ? UnknownSize : (uint)riffBytes);
        fields.Write("WAVE"u8);
        if (isLong)
        {
            fields.Write("ds64"u8);
            fields.Write(Ds64Bytes);
            fields.Write(riffBytes!.Value + 8 + Ds64Bytes);
            fields.Write(dataBytes!.Value);
            fields.Write(frames!.Value);
            fields.Write(0);                                                 // no further long chunks
        }
        fields.Write(middle);
        fields.Write("data"u8);
        fields.Write(isLong || dataBytes is null ? UnknownSize : (uint)dataBytes);
        return head.ToArray();
    }

    static short FormatTag(WavForm form) => (short)(form.IsFloat ? 3 : 1);

    /// <summary>The chunks fmt, fact (required for floats) and those of the form.</summary>
    static byte[] Middle(WavForm form, long? frames)
    {
        using var chunks = new MemoryStream();
        using var fields = new BinaryWriter(chunks);
        fields.Write("fmt "u8);
        fields.Write(form.IsMultitrack ? 40 : form.IsFloat ? 18 : 16);
        fields.Write(form.IsMultitrack ? ExtensibleTag : FormatTag(form));
        fields.Write((short)form.Channels);
        fields.Write(form.SampleRate);
        fields.Write(form.SampleRate * form.FrameBytes);
        fields.Write((short)form.FrameBytes);
        fields.Write((short)(form.Encoding.SampleBytes() * 8));
        if (form.IsMultitrack)
        {
            fields.Write((short)22);
            fields.Write((short)(form.Encoding.SampleBytes() * 8));
            fields.Write(0);                                                 // the channels belong to no loudspeakers
            fields.Write(FormatTag(form));
            fields.Write(SubFormat);
        }
        else if (form.IsFloat)
            fields.Write((short)0);
        if (form.IsFloat)
        {
            fields.Write("fact"u8);
            fields.Write(4);
            fields.Write(frames is { } known ? (uint)Math.Min(known, UnknownSize) : UnknownSize);
        }
        foreach (var chunk in form.Chunks)
        {
            fields.Write(Encoding.ASCII.GetBytes(chunk.Id));
            fields.Write(chunk.Content.Length);
            fields.Write(chunk.Content.Span);
            if (PaddingFor(chunk.Content.Length) > 0)
                fields.Write((byte)0);
        }
        return chunks.ToArray();
    }
}
