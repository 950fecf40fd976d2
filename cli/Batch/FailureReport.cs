using System.Text;
using Rewas.Clip.Files;

namespace Rewas.Cli.Batch;

/// <summary>What failed and why, for spreadsheets, beside the outputs. There is none where nothing failed.</summary>
static class FailureReport
{
    public const string FileName = "failures.csv";

    /// <param name="folder">Of the outputs.</param>
    /// <param name="failures">Each line that failed, the times it was begun, and why it failed.</param>
    /// <returns>The file, or null.</returns>
    public static string? Write(string folder, IReadOnlyCollection<(BatchItem Item, int Attempts, string Error)> failures)
    {
        var path = Path.Combine(folder, FileName);
        if (failures.Count == 0)
        {
            File.Delete(path);
            return null;
        }
        var text = new StringBuilder("line,file,output,prompt,attempts,error\r\n");
        foreach (var (item, attempts, error) in failures.OrderBy(failure => failure.Item.Line))
            text.Append(
                $"{item.Line},{Field(item.Path)},{Field(item.Output)},{Field(item.Wanted.Options.Prompt)},{attempts},{Field(error)}\r\n");
        using var file = PartialFile.Create(path, "output");
        File.WriteAllText(file.Path, text.ToString());
        file.Complete();
        return path;
    }

    /// <summary>A spreadsheet must not take a field for a formula.</summary>
    public static string Field(string text) => CsvLine.Quoted(text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text);
}
