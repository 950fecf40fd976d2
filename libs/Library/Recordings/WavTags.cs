using System.Buffers.Binary;
using System.Text;
using System.Xml;

namespace Rewas.Library.Recordings;

/// <summary>
/// The chunks of a WAV file that are not sound: description of the Broadcast Wave Format (EBU Tech 3285), iXML, LIST INFO. Wherever they
/// lie: many programs write them after the samples. Nothing in them is trusted, and damage ends them.
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

    /// <summary>The samples are PCM or floats: <see cref="Rewas.Sound.Wav.WavReader"/> reads them. Others are compressed.</summary>
    public bool IsPlain { get; private set; }

    public IReadOnlyList<string> Texts => TagNames.Texts(tags);

    /// <param name="file">Can seek.</param>
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
                break;                                                       // the rest is samples, or lies
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

    /// <summary>Every element whose name tells something, at whatever depth: programs put them in several places.</summary>
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
            // What was read before the damage counts.
        }
    }

    void Add(string name, ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        tags.Add(new(name, Encoding.UTF8.GetString(end < 0 ? text : text[..end])));
    }
}
