using System.Text.Json;
using Rewas.Bundles;
using Rewas.Clip.Faults;

namespace Rewas.PromptCheck;

/// <summary>
/// The learned parameters of the check, as `rewas models fit-conflict` writes them. The concept head belongs to one bundle's video encoder.
/// The energy shapes belong to the energy predictor's smoothing.
/// </summary>
/// <param name="Bundle">Name of the bundle whose features the head was fitted to.</param>
/// <param name="Head">Kinds of scene from pooled features.</param>
/// <param name="Shapes">Energy shapes by concept. "" stands for all sounds together.</param>
/// <param name="Courses">P(course | energy shape), by name of <see cref="Course"/>.</param>
/// <param name="Source">P(conflict) of a named source, from (log odds that it is not seen, unlikeness of the energy to its
/// recordings).</param>
/// <param name="CourseConflict">P(conflict) of a named course, from the log odds that the energy does not follow it.</param>
/// <param name="UncertainFrom">Least score of the verdict "uncertain".</param>
/// <param name="ConflictFrom">Least score of the verdict "conflict".</param>
public sealed record ConflictStatistics(
    string Bundle,
    string BundleSha256,
    string Command,
    HeadStatistics Head,
    IReadOnlyDictionary<string, ShapeStatistics> Shapes,
    IReadOnlyDictionary<string, Logistic> Courses,
    Logistic Source,
    Logistic CourseConflict,
    double UncertainFrom,
    double ConflictFrom)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new RoundedFloats() },
    };

    /// <summary>The statistics of the embedded bundle.</summary>
    /// <exception cref="InputFault">Precondition: they are not fitted yet.</exception>
    public static ConflictStatistics Embedded => Read.Value;

    /// <param name="path">A file written by `rewas models fit-conflict`.</param>
    /// <exception cref="InputFault">The file is missing or not such a file.</exception>
    public static ConflictStatistics Open(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ConflictStatistics>(File.ReadAllText(path), Json) ?? throw new JsonException("is null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw InputFault.Invalid("statistics", $"'{path}': {e.Message}", e);
        }
    }

    static readonly LoadedOnce<ConflictStatistics> Read = new(() =>
    {
        using var stream = typeof(ConflictStatistics).Assembly.GetManifestResourceStream("Rewas.PromptCheck.Statistics.rewas-mini.json")
            ?? throw InputFault.Precondition("statistics", "of the conflict check were not fitted: rewas models fit-conflict");
        return JsonSerializer.Deserialize<ConflictStatistics>(stream, Json)!;
    });
}

/// <param name="Kinds">[K] names.</param>
/// <param name="Centre">[D] mean over all kinds.</param>
/// <param name="Scale">[D] standard deviation within a kind.</param>
/// <param name="Means">[K][D] mean of each kind, standardised.</param>
/// <param name="Weights">[K][D] of the linear discriminant, standardised.</param>
/// <param name="Biases">[K].</param>
/// <param name="Sharpness">Factor of the scores that calibrates the probabilities.</param>
/// <param name="LargestDistance">Largest distance of a familiar picture from the nearest kind's mean.</param>
public sealed record HeadStatistics(
    IReadOnlyList<string> Kinds, float[] Centre, float[] Scale, float[][] Means, float[][] Weights, float[] Biases,
    double Sharpness, double LargestDistance);

/// <param name="Mean">[<see cref="EnergyShape.Names"/>].</param>
/// <param name="Deviation">[<see cref="EnergyShape.Names"/>].</param>
public sealed record ShapeStatistics(float[] Mean, float[] Deviation, int Clips);

/// <summary>Logistic regression on standardised inputs.</summary>
public sealed record Logistic(float[] Centre, float[] Scale, float[] Weights, float Bias)
{
    public double LogOdds(ReadOnlySpan<float> x)
    {
        var sum = (double)Bias;
        for (var i = 0; i < Weights.Length; i++)
            sum += Weights[i] * (x[i] - Centre[i]) / Scale[i];
        return Math.Clamp(sum, -8, 8);
    }

    public double Probability(ReadOnlySpan<float> x) => 1 / (1 + Math.Exp(-LogOdds(x)));
}

/// <summary>Writes four digits, which is the precision of the statistics.</summary>
sealed class RoundedFloats : System.Text.Json.Serialization.JsonConverter<float>
{
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetSingle();

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture));
}
