using System.Text;
using Rewas.Clip.Files;

namespace Rewas.Cli.Batch;

/// <summary>A CSV file beside the outputs that lists what failed and why. It is not written if nothing failed.</summary>
static class FailureReport
{
    public const string FileName = "failures.csv";

    /// <param name="folder">Folder of the outputs.</param>
    /// <param name="failures">Each failed line with its attempts and its error.</param>
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

    /// <summary>Quotes a field so that a spreadsheet does not read it as a formula.</summary>
    public static string Field(string text) => CsvLine.Quoted(text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text);
}
