using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Sound.Curves;

/// <summary>Reads and writes curve files: .csv or .json, by the file name's ending.</summary>
public static class CurveFile
{
    const long MaximumBytes = 64 << 20;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Whether a file name has a curve's ending. A file without it may be a recording.</summary>
    public static bool IsName(string path) => Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".json";

    /// <exception cref="InputFault">NotFound: there is no such file. Invalid: it holds no curve.</exception>
    public static EnergyCurve Read(string path, string field = "curve")
    {
        var file = InputFile.Find(path, field);
        if (file.Length > MaximumBytes)
            throw InputFault.Exhausted(field, $"at most {MaximumBytes} bytes are accepted, but '{path}' has {file.Length}");
        try
        {
            return IsJson(path) ? CurveJson.Parse(File.ReadAllText(path)) : CurveCsv.Parse(File.ReadLines(path));
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading(field, path, failure);
        }
    }

    /// <param name="path">Replaced if it exists.</param>
    /// <param name="ending">.csv or .json, from the final file name.</param>
    /// <param name="normalised">Write 0 to 1 instead of the model's unit.</param>
    public static Task WriteAsync(
        string path, string ending, EnergyCurve curve, bool normalised, CancellationToken cancellation) => IsJson(ending)
        ? File.WriteAllTextAsync(
            path, JsonSerializer.Serialize(normalised ? CurveJson.OfNormalised(curve) : CurveJson.Of(curve), Json), cancellation)
        : File.WriteAllLinesAsync(path, CurveCsv.Lines(curve, normalised), cancellation);

    /// <exception cref="InputFault">The name has neither ending.</exception>
    public static void ThrowUnlessName(string path, string field)
    {
        if (!IsName(path))
            throw InputFault.Invalid(field, $"its name must end in .csv or .json, but ends in '{Path.GetExtension(path)}'");
    }

    static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);
}
