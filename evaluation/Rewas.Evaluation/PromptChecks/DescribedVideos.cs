using Microsoft.VisualBasic.FileIO;
using Rewas.Clip.Faults;

namespace Rewas.Evaluation.PromptChecks;

/// <summary>Reads the descriptions of a folder's videos from its index.tsv.</summary>
public static class DescribedVideos
{
    /// <exception cref="InputFault">The index is missing, or has no column seen_heard.</exception>
    public static IReadOnlyList<(string Video, string Description)> Read(string folder)
    {
        var index = Path.Combine(folder, "index.tsv");
        if (!File.Exists(index))
            throw InputFault.NotFound("videos", $"'{index}' does not exist");
        using var parser = new TextFieldParser(index) { TextFieldType = FieldType.Delimited, HasFieldsEnclosedInQuotes = true };
        parser.SetDelimiters("\t");
        var column = Array.IndexOf(parser.ReadFields() ?? [], "seen_heard");
        if (column < 0)
            throw InputFault.Invalid("videos", $"'{index}' must have a column seen_heard");
        var videos = new List<(string, string)>();
        while (parser.ReadFields() is { } row)
        {
            var path = Path.Combine(folder, Path.GetFileName(row[0]));
            if (row.Length > column && File.Exists(path))
                videos.Add((path, row[column]));
        }
        return videos;
    }
}
