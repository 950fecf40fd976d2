using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Evaluation.Listening;

/// <summary>Which sound of a page is of which system: the file PAGE.key.json. Listeners do not get it.</summary>
public sealed record ListeningKey(string Test, string Kind, IReadOnlyList<ListeningKeyTrial> Trials)
{
    public const string Ending = ".key.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    const long MostBytes = 64 << 20;

    public static ListeningKey Of(ListeningPlan plan) => new(
        plan.Id, plan.Kind == ListeningKind.Mushra ? "mushra" : "abx",
        [
            .. plan.Trials.Select(trial => new ListeningKeyTrial(
                trial.Id, trial.Clip, trial.Stimuli.ToDictionary(stimulus => stimulus.Id, stimulus => stimulus.System),
                plan.Kind == ListeningKind.Abx ? trial.Stimuli.First(stimulus => stimulus.System == trial.Reference.System).Id : null)),
        ]);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InputFault">The file is missing, or no key.</exception>
    public static ListeningKey Read(string path) =>
        Read<ListeningKey>(path, "key", MostBytes) is { Kind: "mushra" or "abx", Trials.Count: > 0 } key
            ? key : throw InputFault.Invalid("key", $"'{path}' must be of kind mushra or abx, and have trials");

    /// <summary>Reads JSON from a file that somebody sent.</summary>
    internal static T Read<T>(string path, string field, long mostBytes)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > mostBytes)
                throw InputFault.Exhausted(field, $"'{path}' must have at most {mostBytes} bytes, but has {length}");
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFault.NotFound(field, $"'{path}' cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw InputFault.Invalid(field, $"'{path}' cannot be read: {e.Message}", e);
        }
    }
}

/// <param name="Sounds">The system of each sound, by the sound's id.</param>
/// <param name="X">For A/B/X: the sound that X is.</param>
public sealed record ListeningKeyTrial(string Id, string Clip, IReadOnlyDictionary<string, string> Sounds, string? X);
