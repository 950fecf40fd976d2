using System.Text.Json;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip.Faults;
using Rewas.Trainer.Data;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Latents of clips, made once and kept in a run's folder as float16. A diffusion step then needs no sound, no mel and no encoder. They are
/// written in shards. Existing shards are not made again, so an interrupted run continues.
/// </summary>
sealed class StoredLatents
{
    /// <summary>Folder within a run.</summary>
    public const string Folder = "latents";

    const int ShardClips = 256, EncodedAtOnce = 8;

    readonly torch.Tensor sounds, controls;                                    // float16 [N, Z, F, M], scaled
    readonly float[][] onsets, textures;
    readonly IReadOnlyList<string>[] captions;

    StoredLatents(torch.Tensor sounds, torch.Tensor controls, float[][] onsets, float[][] textures, IReadOnlyList<string>[] captions) =>
        (this.sounds, this.controls, this.onsets, this.textures, this.captions) = (sounds, controls, onsets, textures, captions);

    public int Count => captions.Length;

    /// <summary>Prompts that are true of a clip.</summary>
    public IReadOnlyList<string> Captions(int clip) => captions[clip];

    /// <summary>Latents of sounds, [B, Z, F, M], scaled.</summary>
    public torch.Tensor Sounds(IReadOnlyList<int> clips) => Take(sounds, clips);

    /// <summary>Latents of energies drawn as mels, [B, Z, F, M], scaled.</summary>
    public torch.Tensor Controls(IReadOnlyList<int> clips) => Take(controls, clips);

    /// <summary>The controls of a clip, without its energy, which <see cref="Controls"/> has.</summary>
    public (float[] Onsets, float[] Texture) Descriptors(int clip) => (onsets[clip], textures[clip]);

    /// <summary>Reads the latents of a run. Missing ones are made first.</summary>
    /// <param name="encoder">Identifies the encoder. Latents of another encoder are refused.</param>
    /// <param name="make">Makes the clip of a number.</param>
    /// <param name="encode">Turns log mels, each [512, 64], into scaled latents [B, Z, F, M].</param>
    /// <param name="captions">Current prompts of a kind of clip; null uses those that were true when the clip was made.</param>
    /// <exception cref="InputFault">The folder holds latents of another encoder, or an unreadable shard.</exception>
    public static StoredLatents Open(
        string run,
        int count,
        string encoder,
        Func<int, TrainingClip> make,
        Func<IReadOnlyList<float[]>, torch.Tensor> encode,
        Func<string, IReadOnlyList<string>?> captions,
        TextWriter log)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run, Folder)).FullName;
        var shards = Enumerable.Range(0, (count + ShardClips - 1) / ShardClips)
            .Select(i => (First: i * ShardClips, Clips: Math.Min(ShardClips, count - i * ShardClips)))
            .ToArray();
        foreach (var (first, clips) in shards.Where(shard => !File.Exists(PathOf(folder, shard.First))))
        {
            Write(PathOf(folder, first), [.. Enumerable.Range(first, clips).Select(make)], encoder, encode);
            log.WriteLine($"latents of {first + clips} of {count} clips");
        }
        var parts = shards.Select(shard => Read(PathOf(folder, shard.First), encoder, captions)).ToArray();
        return new(
            torch.cat([.. parts.Select(p => p.sounds)]).DetachFromDisposeScope(),
            torch.cat([.. parts.Select(p => p.controls)]).DetachFromDisposeScope(),
            [.. parts.SelectMany(p => p.onsets)], [.. parts.SelectMany(p => p.textures)], [.. parts.SelectMany(p => p.captions)]);
    }

    static void Write(string path, TrainingClip[] clips, string encoder, Func<IReadOnlyList<float[]>, torch.Tensor> encode)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (kinds, captions) = (
            JsonSerializer.Serialize(clips.Select(c => c.Kind)), JsonSerializer.Serialize(clips.Select(c => c.Captions)));
        SafetensorsWriter.Write(
            path,
            [
                Stored("sounds", Encode(clip => clip.LogMel)),
                Stored("controls", Encode(clip => Stages.MelStage.ControlImage(clip.Control))),
                Rows("onsets", clips, clip => clip.TokenOnsets), Rows("textures", clips, clip => clip.TokenTexture),
            ],
            StoredType.Float16, new Dictionary<string, string> { ["encoder"] = encoder, ["kinds"] = kinds, ["captions"] = captions });

        torch.Tensor Encode(Func<TrainingClip, float[]> image) => torch.cat([.. clips.Select(image).Chunk(EncodedAtOnce).Select(encode)]);
    }

    static StoredLatents Read(string path, string encoder, Func<string, IReadOnlyList<string>?> captionsOf)
    {
        using var file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("encoder") != encoder)
            throw InputFault.Precondition(Folder, $"'{path}' was made by another mel encoder: delete the folder to make it anew");
        using var scope = torch.NewDisposeScope();
        var captions = JsonSerializer.Deserialize<string[][]>(file.Metadata["captions"])!;
        var kinds = JsonSerializer.Deserialize<string[]>(file.Metadata["kinds"])!;
        return new(
            Half("sounds"),
            Half("controls"),
            Chunks("onsets"),
            Chunks("textures"),
            [.. kinds.Zip(captions, (kind, stored) => captionsOf(kind) ?? stored)]);

        torch.Tensor Half(string name) =>
            torch.tensor(file.ReadFloats(name), [.. file.Tensors[name].Shape]).to_type(torch.ScalarType.Float16).DetachFromDisposeScope();

        float[][] Chunks(string name) => [.. file.ReadFloats(name).Chunk((int)file.Tensors[name].Shape[1])];
    }

    static string PathOf(string folder, int first) => Path.Combine(folder, $"{first:D6}.safetensors");

    static WeightToStore Stored(string name, torch.Tensor value) =>
        new(name, value.shape, () => TorchWeights.ToHost(value).Floats);

    static WeightToStore Rows(string name, TrainingClip[] clips, Func<TrainingClip, float[]> row) =>
        new(name, [clips.Length, row(clips[0]).Length], () => clips.SelectMany(row).ToArray());

    static torch.Tensor Take(torch.Tensor all, IReadOnlyList<int> clips)
    {
        using var indices = torch.tensor(clips.Select(i => (long)i).ToArray());
        return all.index_select(0, indices).to_type(torch.ScalarType.Float32);
    }
}
