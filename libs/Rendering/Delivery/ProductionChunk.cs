using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Rewas.Sound.Wav;

namespace Rewas.Rendering.Delivery;

/// <summary>The iXML chunk: what editors show of a recording, with its place on the timeline and the names of its channels.</summary>
static class ProductionChunk
{
    const string Version = "2.10";

    public static WavChunk Of(SoundNotes notes, WavForm form)
    {
        var since = notes.SamplesSinceMidnight(form.SampleRate);
        var rate = notes.Rate.ToString();
        var content = new XElement("BWFXML",
            new XElement("IXML_VERSION", Version),
            new XElement("PROJECT", Printable(notes.Video)),
            new XElement("NOTE", Printable(notes.Prompt)),
            new XElement("FILE_UID", notes.Sha256),
            new XElement("SPEED",
                new XElement("MASTER_SPEED", rate),
                new XElement("CURRENT_SPEED", rate),
                new XElement("TIMECODE_RATE", rate),
                new XElement("TIMECODE_FLAG", notes.Timecode is { IsDropFrame: true } ? "DF" : "NDF"),
                new XElement("FILE_SAMPLE_RATE", form.SampleRate),
                new XElement("AUDIO_BIT_DEPTH", form.Encoding.SampleBytes() * 8),
                new XElement("DIGITIZER_SAMPLE_RATE", form.SampleRate),
                new XElement("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", since >> 32),
                new XElement("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", since & uint.MaxValue),
                new XElement("TIMESTAMP_SAMPLE_RATE", form.SampleRate)),
            new XElement("TRACK_LIST",
                new XElement("TRACK_COUNT", form.Channels),
                (notes.Channels ?? SoundNotes.ChannelsOf(notes.Track, form.Channels)).Select((name, channel) => new XElement("TRACK",
                    new XElement("CHANNEL_INDEX", channel + 1),
                    new XElement("INTERLEAVE_INDEX", channel + 1),
                    new XElement("NAME", name)))));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new() { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n" }))
            content.Save(writer);
        return new("iXML", Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n"));
    }

    /// <summary>XML has no place for most control characters.</summary>
    static string Printable(string text) => string.Concat(text.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));

    /// <summary>The same as tags, for containers that have tags alone.</summary>
    public static IReadOnlyList<(string Name, string Text)> Tags(SoundNotes notes, WavForm form) =>
    [
        ("TITLE", Printable($"{notes.Video} {notes.Track}")),
        ("DESCRIPTION", Printable(notes.Prompt)),
        ("ENCODED-BY", SoundNotes.Originator),
        ("ORIGINATOR_REFERENCE", notes.Sha256),
        ("DATE", notes.MadeAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("TIME_REFERENCE", notes.SamplesSinceMidnight(form.SampleRate).ToString(CultureInfo.InvariantCulture)),
        .. notes.Timecode is { } timecode ? [("TIMECODE", timecode.ToString())] : Array.Empty<(string, string)>(),
        ("CODING_HISTORY", BroadcastChunk.CodingHistory(notes, form).TrimEnd()),
    ];
}
