using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rewas.Clip.Faults;

namespace Rewas.Gateway.Web.Aliases;

/// <summary>
/// An order in the form of hosted video services. What has no meaning for sound, such as a size, is not read. Options of the order stand
/// beside these fields.
/// </summary>
sealed record VideoOrder
{
    public required string Prompt { get; init; }

    [Description("The file to make sound for, by its id. In a form: the file itself, or its id.")]
    public required string InputReference { get; init; }

    [Description("The same, as Pallaidium names it.")]
    public string? VideoFileId { get; init; }

    [Description("The same, as Pallaidium names it.")]
    public string? ControlFileId { get; init; }

    public string? NegativePrompt { get; init; }

    public long? Seed { get; init; }

    [Description("Sampling steps.")]
    public int? NumInferenceSteps { get; init; }

    public double? GuidanceScale { get; init; }

    /// <summary>Fields of such services that say nothing about sound.</summary>
    static readonly string[] Unread =
    [
        "model", "size", "seconds", "width", "height", "num_frames", "fps", "strength", "image_b64", "image_file_id", "control_type",
        "control_strength", "last_image_file_id", "anchor_file_ids", "purpose", "user", "n",
    ];

    /// <summary>Names of the file's field, the first that is given counts.</summary>
    static readonly string[] FileFields = ["file", "input_reference", "video_file_id", "control_file_id"];

    /// <summary>The same order in the form of this API.</summary>
    /// <exception cref="InputFault">No file is named.</exception>
    public static JsonElement ToSoundRequest(JsonObject order)
    {
        var request = new JsonObject();
        foreach (var (name, value) in order.Where(field => !Unread.Contains(field.Key) && !FileFields.Contains(field.Key)))
            request[name == "num_inference_steps" ? "steps" : name] = name == "seed" ? SeedOf(value) : value?.DeepClone();
        request["file"] = FileFields.Select(field => order[field]).FirstOrDefault(file => file is not null)?.DeepClone()
            ?? throw InputFault.Invalid("input_reference", "must be given: a film to make sound for");
        return JsonSerializer.SerializeToElement(request);
    }

    /// <summary>Pallaidium draws random seeds from the 32-bit integers with a sign.</summary>
    static JsonNode? SeedOf(JsonNode? seed) => seed is JsonValue number && number.TryGetValue<int>(out var whole) && whole < 0
        ? JsonValue.Create(unchecked((uint)whole))
        : seed?.DeepClone();
}
