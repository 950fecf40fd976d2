using System.ComponentModel;
using System.Text.Json;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>
/// What a sound is ordered with. The options of an order stand beside these fields, each under its one name or its name on the wire
/// (<see cref="OrderTable"/>); the API document lists them.
/// </summary>
sealed record SoundRequest
{
    [Description("The file to make sound for. Absent: sound without a picture; then seconds or a curve must be given.")]
    public string? File { get; init; }

    [Description("Length of a sound without a picture, 0.1 s or more.")]
    public double? Seconds { get; init; }

    [Description(
        "The energy of the sound, in place of that predicted from the picture: mean natural-log mel magnitude, 100 values a second, "
        + "-11.512925 (silence) to 2. The analysis of a file gives one, and so does `rewas energy -o curve.json`.")]
    public JsonElement? Curve { get; init; }

    [Description("Edits of the energy, in order, each as on the command line: \"gain 1.2s..2.0s=-12dB\", \"event 2.00s=-6dB\".")]
    public IReadOnlyList<string>? Edits { get; init; }

    [Description(
        "mp4, mov, mkv or webm: the video with sound, its picture copied. wav or flac: the sound alone. otioz: a timeline with the "
        + "video and the stems.")]
    public string? Format { get; init; }

    [Description(
        "https:// address that is told when the sound has ended: sound.completed, sound.failed or sound.cancelled, with the answer of "
        + "GET /v1/sounds/{id} as data, signed as Standard Webhooks says. Create the secret first.")]
    public string? Webhook { get; init; }
}

/// <summary>
/// What a sound is made again with. Options that replace those of its order stand beside the edits, as in <see cref="SoundRequest"/>.
/// </summary>
sealed record SoundChanges
{
    [Description("Further edits of the energy, in order, each as on the command line.")]
    public IReadOnlyList<string>? Edits { get; init; }

    [Description("As in the request of a sound. The webhook of the sound before is not taken over.")]
    public string? Webhook { get; init; }
}

/// <summary>A request that has been read.</summary>
/// <param name="Order">Without the file.</param>
/// <param name="File">The file; null for a sound without a picture.</param>
/// <param name="Seconds">Length of a sound without a picture.</param>
sealed record ReadSoundRequest(SoundOrder Order, string? File, double? Seconds)
{
    /// <summary>Address that is told when the sound has ended; empty for none.</summary>
    public string Webhook { get; init; } = "";

    public StartRenderRequest ToStart(string key, string file) => new()
    {
        IdempotencyKey = key,
        VideoId = file,
        Options = Order.Options,
        Environment = Order.Environment,
        Finish = Order.Finish,
        Curve = Order.Curve,
        Edits = { Order.Edits },
        Format = Order.Format,
        References = Order.References,
        Delivery = Order.Delivery,
        Webhook = Webhook,
    };
}
