using System.Text.Json;
using Rewas.Faults;

namespace Rewas.Conflict;

/// <summary>
/// Everything that was learned, as `rewas models fit-conflict` writes it: small enough to read. The concept head belongs to one bundle's video encoder; energy shapes
/// to the energy predictor's smoothing.
/// </summary>
/// <param name="Bundle">Name of the bundle that the head was fitted over.</param>
/// <param name="BundleSha256">Of that bundle.</param>
/// <param name="Command">What made this file.</param>
/// <param name="Head">Kinds of scene from pooled features.</param>
/// <param name="Shapes">Energy shapes by concept; "" is all sounds together.</param>
/// <param name="Courses">P(course | energy shape), by name of <see cref="Course"/>.</param>
/// <param name="Source">P(conflict) of a named source from (log odds that it is not seen, how unlike its recordings the energy is).</param>
/// <param name="CourseConflict">P(conflict) of a named course from the log odds that the energy does not run so.</param>
/// <param name="UncertainFrom">Score from which a report is not "consistent".</param>
/// <param name="ConflictFrom">Score from which it is "conflict".</param>
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
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new RoundedFloats() } };

    /// <summary>Those of the embedded bundle.</summary>
    /// <exception cref="InputFault">Precondition: they were not fitted yet.</exception>
    public static ConflictStatistics Embedded => Read.Value;

    /// <param name="path">What `rewas models fit-conflict` wrote.</param>
    /// <exception cref="InputFault">It is not there or not such a file.</exception>
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

    static readonly Lazy<ConflictStatistics> Read = new(() =>
    {
        using var stream = typeof(ConflictStatistics).Assembly.GetManifestResourceStream("Rewas.Conflict.Statistics.rewas-mini.json")
            ?? throw InputFault.Precondition("statistics", "of the conflict check were not fitted: rewas models fit-conflict");
        return JsonSerializer.Deserialize<ConflictStatistics>(stream, Json)!;
    });
}

/// <param name="Kinds">[K] names.</param>
/// <param name="Centre">[D] mean of all.</param>
/// <param name="Scale">[D] standard deviation inside a kind.</param>
/// <param name="Means">[K][D] of each kind, standardised.</param>
/// <param name="Weights">[K][D] of the linear discriminant, standardised.</param>
/// <param name="Biases">[K].</param>
/// <param name="Sharpness">What the scores are multiplied by, so that probabilities are calibrated.</param>
/// <param name="LargestDistance">From the nearest kind's mean: what lies farther is unfamiliar.</param>
public sealed record HeadStatistics(
    IReadOnlyList<string> Kinds, float[] Centre, float[] Scale, float[][] Means, float[][] Weights, float[] Biases, double Sharpness, double LargestDistance);

/// <param name="Mean">[<see cref="EnergyShape.Names"/>].</param>
/// <param name="Deviation">The same.</param>
/// <param name="Clips">That it was learned from.</param>
public sealed record ShapeStatistics(float[] Mean, float[] Deviation, int Clips);

/// <summary>A logistic regression over standardised numbers.</summary>
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

/// <summary>Four digits are what the statistics are good for.</summary>
sealed class RoundedFloats : System.Text.Json.Serialization.JsonConverter<float>
{
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetSingle();

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture));
}
