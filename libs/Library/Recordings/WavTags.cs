using System.Buffers.Binary;
using System.Text;
using System.Xml;

namespace Rewas.Library.Recordings;

/// <summary>
/// Reads the metadata chunks of a WAV file: Broadcast Wave Format description (EBU Tech 3285), iXML and LIST INFO. They may come before or
/// after the samples. Their content is untrusted; reading stops at the first damage.
/// </summary>
sealed class WavTags
{
    const int PcmTag = 1, FloatTag = 3, ExtensibleTag = 0xfffe;
    const int MostChunks = 256, MostChunkBytes = 1 << 20, DescriptionBytes = 256;
    const uint UnknownSize = 0xffffffff;

    readonly List<KeyValuePair<string, string>> tags = [];

    WavTags()
    {
    }

    /// <summary>
    /// True if the samples are PCM or floats, which <see cref="Rewas.Sound.Wav.WavReader"/> reads. Others are compressed.
    /// </summary>
    public bool IsPlain { get; private set; }

    public IReadOnlyList<string> Texts => TagNames.Texts(tags);

    /// <param name="file">Seekable.</param>
    public static WavTags Read(Stream file)
    {
        var wav = new WavTags();
        Span<byte> head = stackalloc byte[8];
        file.Position = 12;                                                  // after RIFF, its size, and WAVE
        for (var chunk = 0; chunk < MostChunks && file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length; chunk++)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            var next = file.Position + size + (size & 1);
            if (size == UnknownSize || next > file.Length + 1)
                break;                                                       // the rest is samples, or a wrong length
            if (IsTold(head) && size <= MostChunkBytes)
            {
                var content = new byte[size];
                if (file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length)
                    break;
                wav.Take(head[..4], content);
            }
            file.Position = Math.Min(next, file.Length);
        }
        return wav;
    }

    static bool IsTold(ReadOnlySpan<byte> name) => name.StartsWith("fmt "u8) || name.StartsWith("bext"u8) || name.StartsWith("iXML"u8)
        || name.StartsWith("LIST"u8);

    void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        if (name.SequenceEqual("fmt "u8))
            IsPlain = content.Length >= 2 && BinaryPrimitives.ReadUInt16LittleEndian(content) is PcmTag or FloatTag or ExtensibleTag;
        else if (name.SequenceEqual("bext"u8))
            Add("description", content[..Math.Min(content.Length, DescriptionBytes)]);
        else if (name.SequenceEqual("LIST"u8) && content.StartsWith("INFO"u8))
            TakeInfo(content[4..]);
        else if (name.SequenceEqual("iXML"u8))
            TakeXml(content);
    }

    void TakeInfo(ReadOnlySpan<byte> list)
    {
        while (list.Length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(list[4..]) is var size && size <= list.Length - 8)
        {
            Add(Encoding.ASCII.GetString(list[..4]), list.Slice(8, (int)size));
            list = list[Math.Min(list.Length, 8 + (int)size + ((int)size & 1))..];
        }
    }

    /// <summary>Takes every element with a known name, at any depth, because programs put them in different places.</summary>
    void TakeXml(ReadOnlySpan<byte> xml)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml.TrimEnd((byte)0).ToArray()), settings);
            var name = "";
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                    name = reader.LocalName;
                else if (reader.NodeType == XmlNodeType.Text && tags.Count < TagNames.MostTexts)
                    tags.Add(new(name, reader.Value));
            }
        }
        catch (XmlException)
        {
            // Texts read before the damage are kept.
        }
    }

    void Add(string name, ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        tags.Add(new(name, Encoding.UTF8.GetString(end < 0 ? text : text[..end])));
    }
}
