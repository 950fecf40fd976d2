using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rewas.Networks.Architectures;

/// <summary>All networks, by the names in bundles.</summary>
public static class NetworkCatalog
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
    };

    static readonly Dictionary<string, Func<JsonElement, NetworkDefinition>> Definitions = new()
    {
        ["clap_audio"] = configuration => ClapAudio.Define(Read<ClapAudioConfiguration>(configuration)),
        ["clap_text"] = configuration => ClapText.Define(Read<ClapTextConfiguration>(configuration)),
        ["clip_image"] = configuration => ClipImage.Define(Read<ClipImageConfiguration>(configuration)),
        ["clip_text"] = configuration => ClipText.Define(Read<ClipTextConfiguration>(configuration)),
        ["controlled_unet"] = configuration => ControlledUNet.Define(Read<UNetConfiguration>(configuration)),
        ["guarded_phi"] = configuration => GuardedPhi.Define(Read<GuardedPhiConfiguration>(configuration)),
        ["hifigan"] = configuration => HifiGan.Define(Read<HifiGanConfiguration>(configuration)),
        ["melception"] = configuration => Melception.Define(Read<MelceptionConfiguration>(configuration)),
        ["motion_cnn"] = configuration => MotionCnn.Define(Read<MotionCnnConfiguration>(configuration)),
        ["motionformer"] = configuration => Motionformer.Define(Read<MotionformerConfiguration>(configuration)),
        ["panns_cnn14"] = configuration => PannsCnn14.Define(Read<PannsCnn14Configuration>(configuration)),
        ["patch_encoder"] = configuration => PatchEncoder.Define(Read<PatchEncoderConfiguration>(configuration)),
        ["phi"] = configuration => Phi.Define(Read<PhiConfiguration>(configuration)),
        ["sound_encoder"] = configuration => SoundEncoder.Define(Read<SoundEncoderConfiguration>(configuration)),
        ["synchformer"] = configuration => Synchformer.Define(Read<SynchformerConfiguration>(configuration)),
        ["text_projection"] = configuration => TextProjection.Define(Read<TextProjectionConfiguration>(configuration)),
        ["vae_decoder"] = configuration => VaeDecoder.Define(Read<VaeConfiguration>(configuration)),
        ["vae_encoder"] = configuration => VaeEncoder.Define(Read<VaeConfiguration>(configuration)),
        ["vocos"] = configuration => Vocos.Define(Read<VocosConfiguration>(configuration)),
    };

    public static IReadOnlyCollection<string> Architectures => Definitions.Keys;

    /// <exception cref="ArgumentException">The architecture is unknown, or its configuration is invalid.</exception>
    public static NetworkDefinition Create(string architecture, JsonElement configuration)
    {
        if (!Definitions.TryGetValue(architecture, out var define))
            throw new ArgumentException($"architecture '{architecture}' is unknown; known: {string.Join(", ", Definitions.Keys)}");
        try
        {
            ConfigurationLimits.ThrowIfTooLarge(configuration);
            return define(configuration);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException) // the last: not UTF-8 in a name
        {
            throw new ArgumentException($"configuration of '{architecture}': {e.Message}", e);
        }
    }

    /// <summary>Writes a configuration in the form of a bundle.</summary>
    public static JsonElement Write<T>(T configuration) => JsonSerializer.SerializeToElement(configuration, Json);

    /// <summary>Reads a configuration from a bundle. Missing fields get the published sizes; unknown fields are errors.</summary>
    /// <exception cref="JsonException">The configuration cannot be read.</exception>
    public static T Read<T>(JsonElement configuration) => configuration.Deserialize<T>(Json) ?? throw new JsonException("is null");
}
