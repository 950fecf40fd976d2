using System.Xml;
using System.Xml.Linq;
using Rewas.Clip.Faults;

namespace Rewas.Rendering.Timelines;

/// <summary>Reads XML from outside: nothing is fetched, no entity is declared, and size and depth have limits.</summary>
static class BoundedXml
{
    const int MostDepth = 64, MostElements = 1_000_000;

    /// <param name="text">At most 64 MiB; the reader of the file sees to that.</param>
    /// <param name="field">Named in errors.</param>
    /// <exception cref="InputFault">It is not XML, declares entities, or exceeds a limit.</exception>
    public static XElement Read(string text, string field)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,                            // of a document type, the name alone may be there
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        if (DeclaresMore(text))
            throw InputFault.Invalid(field, "must not declare entities or elements of its own in <!DOCTYPE>");
        try
        {
            var elements = 0;
            using (var reader = XmlReader.Create(new StringReader(text), settings))
                while (reader.Read())
                {
                    if (reader.Depth > MostDepth)
                        throw InputFault.Exhausted(field, $"must have elements at most {MostDepth} deep, but has deeper ones");
                    if (reader.NodeType == XmlNodeType.Element && ++elements > MostElements)
                        throw InputFault.Exhausted(field, $"must have at most {MostElements} elements, but has more");
                }
            using var whole = XmlReader.Create(new StringReader(text), settings);
            return XDocument.Load(whole).Root!;
        }
        catch (XmlException failure)
        {
            throw InputFault.Invalid(field, $"is not XML: {failure.Message.Split('\n')[0]}", failure);
        }
    }

    static bool DeclaresMore(string text)
    {
        var start = text.IndexOf("<!DOCTYPE", StringComparison.Ordinal);
        if (start < 0)
            return false;
        var end = text.IndexOf('>', start);
        return text.AsSpan(start, (end < 0 ? text.Length : end) - start).Contains('[');
    }
}
