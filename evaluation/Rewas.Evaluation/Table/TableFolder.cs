using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Audio;
using Rewas.Faults;
using Rewas.Networks;

namespace Rewas.Evaluation;

/// <summary>What an evaluation was begun with. Another plan's results are never mixed in.</summary>
/// <param name="DataSet">Name of the data set.</param>
/// <param name="Clips">How many there are in all shards.</param>
/// <param name="Seed">Of the first clip; each further one has the next.</param>
/// <param name="Models">Identity of each model by its name.</param>
/// <param name="Networks">Names of the networks that listen.</param>
sealed record TablePlan(string DataSet, int Clips, long Seed, SortedDictionary<string, string> Models, string[] Networks);

/// <summary>
/// The folder of an evaluation: <c>plan.json</c>, <c>sounds/MODEL/CLIP.wav</c>, <c>measures/MODEL/CLIP.json</c>, <c>videos</c>. Where prompts are
/// checked, <c>sounds/MODEL/CLIP.followed</c> tells whether the clip's own was followed. A file is there whole or not at all. So an evaluation that was
/// interrupted goes on, and the folders of shards may be copied into one.
/// </summary>
sealed class TableFolder
{
    const string Field = "output";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n", NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    readonly string folder;

    /// <exception cref="InputFault">The folder holds an evaluation of another plan.</exception>
    public TableFolder(string folder, TablePlan plan)
    {
        this.folder = folder;
        Directory.CreateDirectory(Videos);
        var (path, text) = (Path.Combine(folder, "plan.json"), JsonSerializer.Serialize(plan, Json) + "\n");
        if (File.Exists(path) && File.ReadAllText(path) != text)
            throw InputFault.Precondition(Field, $"'{folder}' holds an evaluation with other clips, seed, models or networks (see its plan.json); give another folder");
        Write(path, text);
    }

    public string Videos => Path.Combine(folder, "videos");

    public bool HasSound(string model, string clip) => File.Exists(SoundPath(model, clip));

    public async Task<float[]> ReadSoundAsync(string model, string clip, CancellationToken cancellation) =>
        (await WavFile.ReadAsync(SoundPath(model, clip), new WavLimits { MaxDuration = TimeSpan.FromHours(1) }, clip, cancellation)).Samples;

    /// <summary>Whether the clip's prompt was followed; null where nothing checked it.</summary>
    public bool? ReadFollowedPrompt(string model, string clip) => File.Exists(FollowedPath(model, clip)) ? bool.Parse(File.ReadAllText(FollowedPath(model, clip))) : null;

    public async Task WriteSoundAsync(string model, string clip, ClipSound sound, CancellationToken cancellation)
    {
        var path = SoundPath(model, clip);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (sound.FollowedPrompt is { } followed)
            Write(FollowedPath(model, clip), followed.ToString());
        // Last, because where it is there the clip is made.
        using var partial = PartialFile.Create(path, Field);
        await WavFile.WriteAsync(partial.Path, new Waveform(sound.Samples, ClipTiming.SampleRate), cancellationToken: cancellation);
        partial.Complete();
    }

    public ClipMeasures? ReadMeasures(string model, string clip) =>
        File.Exists(MeasuresPath(model, clip)) ? JsonSerializer.Deserialize<ClipMeasures>(File.ReadAllText(MeasuresPath(model, clip)), Json) : null;

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
