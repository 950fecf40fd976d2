using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Evaluation.Figures;
using Rewas.Sound;
using Rewas.Sound.Wav;

namespace Rewas.Evaluation.Tables;

/// <summary>The plan of an evaluation. Results of different plans are never mixed.</summary>
/// <param name="Clips">Number of clips in all shards.</param>
/// <param name="Seed">Seed of the first clip. Each further clip has the next seed.</param>
/// <param name="Models">Identity of each model, by name.</param>
sealed record TablePlan(string DataSet, int Clips, long Seed, SortedDictionary<string, string> Models, string[] Networks);

/// <summary>
/// The folder of an evaluation: <c>plan.json</c>, <c>sounds/MODEL/CLIP.wav</c> (beside it, if prompts are checked, whether the clip's own
/// was used), <c>measures/MODEL/CLIP.json</c>, <c>videos</c>. Files appear whole or not at all, so that an interrupted evaluation can
/// resume and the folders of shards can be merged.
/// </summary>
sealed class TableFolder
{
    const string Field = "output";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    readonly string folder;

    /// <exception cref="InputFault">The folder holds an evaluation with another plan.</exception>
    public TableFolder(string folder, TablePlan plan)
    {
        this.folder = folder;
        Directory.CreateDirectory(Videos);
        var (path, text) = (Path.Combine(folder, "plan.json"), JsonSerializer.Serialize(plan, Json) + "\n");
        if (File.Exists(path) && File.ReadAllText(path) != text)
            throw InputFault.Precondition(
                Field,
                $"'{folder}' holds an evaluation with other clips, seed, models or networks (see its plan.json); give another folder");
        Write(path, text);
    }

    public string Videos => Path.Combine(folder, "videos");

    public bool HasSound(string model, string clip) => File.Exists(SoundPath(model, clip));

    public async Task<float[]> ReadSoundAsync(string model, string clip, CancellationToken cancellation) =>
        (await WavFile.ReadAsync(
            SoundPath(model, clip), new WavLimits { MaxDuration = TimeSpan.FromHours(1) }, clip, cancellation)).Samples;

    /// <summary>Whether the clip's prompt was used. Null if nothing checked it.</summary>
    public bool? ReadFollowedPrompt(string model, string clip) =>
        File.Exists(FollowedPath(model, clip)) ? bool.Parse(File.ReadAllText(FollowedPath(model, clip))) : null;

    public async Task WriteSoundAsync(string model, string clip, ClipSound sound, CancellationToken cancellation)
    {
        var path = SoundPath(model, clip);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (sound.FollowedPrompt is { } followed)
            Write(FollowedPath(model, clip), followed.ToString());
        // Written last, because its presence marks the clip as made.
        using var partial = PartialFile.Create(path, Field);
        await WavFile.WriteAsync(partial.Path, new Waveform(sound.Samples, ClipTiming.SampleRate), cancellationToken: cancellation);
        partial.Complete();
    }

    public ClipMeasures? ReadMeasures(string model, string clip) =>
        File.Exists(MeasuresPath(model, clip))
            ? JsonSerializer.Deserialize<ClipMeasures>(File.ReadAllText(MeasuresPath(model, clip)), Json)
            : null;

    public void WriteMeasures(string model, ClipMeasures measures)
    {
        var path = MeasuresPath(model, measures.Clip);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Write(path, JsonSerializer.Serialize(measures, Json));
    }

    string SoundPath(string model, string clip) => Path.Combine(folder, "sounds", model, clip + ".wav");

    string FollowedPath(string model, string clip) => Path.Combine(folder, "sounds", model, clip + ".followed");

    string MeasuresPath(string model, string clip) => Path.Combine(folder, "measures", model, clip + ".json");

    static void Write(string path, string text) => PartialFile.Write(path, Field, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
