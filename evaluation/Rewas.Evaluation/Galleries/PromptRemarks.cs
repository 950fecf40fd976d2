using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Evaluation.Galleries;

/// <summary>What a listener wrote about each sound of the gallery: a file of lines PROMPT, tab, remark.</summary>
static class PromptRemarks
{
    public const string FileName = "remarks.tsv";
    const string Field = "remarks";
    const int LongestRemark = 400;                                           // characters

    /// <returns>Remarks by prompt; empty if there is no such file.</returns>
    /// <exception cref="InputFault">A line has no remark, the prompt is not one of the gallery's, or the file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path, IReadOnlyList<string> prompts)
    {
        if (!File.Exists(path))
            return new Dictionary<string, string>();
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading(Field, path, failure);
        }
        var remarks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (number, line) in lines.Index().Where(line => line.Item.Length > 0))
        {
            if (line.Split('\t') is not [var prompt, { Length: > 0 and <= LongestRemark } remark])
                throw InputFault.Invalid(
                    Field, $"'{path}', line {number + 1}: must be a prompt, a tab, and a remark of 1 to {LongestRemark} characters");
            if (!prompts.Contains(prompt))
                throw InputFault.Invalid(Field, $"'{path}', line {number + 1}: the gallery has no prompt '{prompt}'");
            remarks[prompt] = remark;
        }
        return remarks;
    }
}
