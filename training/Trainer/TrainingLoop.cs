using System.Diagnostics;
using System.Globalization;
using Rewas.Checkpoints;
using Rewas.Faults;
using Rewas.Networks.Torch;
using TorchSharp.Modules;
using torch = TorchSharp.torch;

namespace Rewas.Trainer;

/// <summary>What a stage trains, and its loss. The loop does the rest.</summary>
interface IStage
{
    /// <summary>The networks that learn, by their name in the checkpoint.</summary>
    IReadOnlyDictionary<string, TorchWeights> Trained { get; }

    /// <summary>Loss of one step, a scalar; depends on nothing but the weights and the step, so that a resumed run goes on as if never stopped.</summary>
    torch.Tensor Loss(int step);

    /// <summary>Figures on clips that training never sees, with the averaged weights in place.</summary>
    IReadOnlyDictionary<string, double> Evaluate();
}

/// <summary>
/// AdamW with warm-up, cosine decay, gradient clipping, moving average, a CSV of losses, and checkpoints that resume:
/// <c>RUN/STAGE/{network}.safetensors</c> (averaged), <c>{network}.raw.safetensors</c>, <c>optimizer.bin</c>, <c>step.txt</c>, <c>losses.csv</c>.
/// </summary>
sealed class TrainingLoop(string directory, StageConfig config)
{
    public const string EvaluationFile = "evaluation.txt";

    static readonly TimeSpan CheckpointEvery = TimeSpan.FromMinutes(2);

    public void Run(IStage stage, bool resume, TextWriter log, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        var parameters = stage.Trained.SelectMany(n => n.Value.Parameters.Select(p => (Name: $"{n.Key}:{p.Key}", p.Value))).ToArray();
        var optimizer = torch.optim.AdamW(parameters.Select(p => p.Value), lr: config.LearningRate, beta1: 0.9, beta2: 0.99, weight_decay: config.WeightDecay);
        var averages = parameters.ToDictionary(p => p.Name, p => p.Value.detach().clone().DetachFromDisposeScope());
        var first = resume ? Restore(parameters, averages, optimizer) : 0;
        if (!resume)
            File.WriteAllText(Losses, "step,loss,learning_rate,gradient_norm,ms_per_step\n");
        log.WriteLine($"{parameters.Sum(p => p.Value.numel()):N0} parameters, steps {first} to {config.Steps}");

        var clock = Stopwatch.StartNew();
        var (saved, logged, sum, count) = (clock.Elapsed, clock.Elapsed, 0.0, 0);
        for (var step = first; step < config.Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var rate = LearningRate(step);
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = rate;
            SetTraining(stage, true);
            optimizer.zero_grad();
            var loss = stage.Loss(step);
            var value = loss.item<float>();
            if (!float.IsFinite(value))
                throw new InvalidOperationException($"the loss is not finite at step {step}; the last checkpoint is in {directory}");
            loss.backward();
            var norm = torch.nn.utils.clip_grad_norm_(parameters.Select(p => p.Value), config.GradientNorm);
            optimizer.step();
            Average(parameters, averages, step);

            (sum, count) = (sum + value, count + 1);
            if ((step + 1) % 25 == 0 || step + 1 == config.Steps)
            {
                var milliseconds = (clock.Elapsed - logged).TotalMilliseconds / count;
                var line = string.Create(CultureInfo.InvariantCulture, $"{step + 1},{sum / count:G6},{rate:G4},{norm:G4},{milliseconds:F0}");
                File.AppendAllText(Losses, line + "\n");
                log.WriteLine(line);
                (sum, count, logged) = (0, 0, clock.Elapsed);
            }
            if (clock.Elapsed - saved > CheckpointEvery || cancel.IsCancellationRequested || step + 1 == config.Steps)
            {
                Save(stage, parameters, averages, optimizer, step + 1);
                saved = clock.Elapsed;
            }
            if (cancel.IsCancellationRequested)
            {
                log.WriteLine($"stopped after step {step + 1}; --resume goes on from there");
                return;
            }
        }

        using var inference = torch.no_grad();
        foreach (var (name, parameter) in parameters)
            parameter.copy_(averages[name]);
        SetTraining(stage, false);
        foreach (var (name, figure) in stage.Evaluate())
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{name} = {figure:G5}");
            File.AppendAllText(Path.Combine(directory, EvaluationFile), line + "\n");
            log.WriteLine(line);
        }
    }

    string Losses => Path.Combine(directory, "losses.csv");

    string StepFile => Path.Combine(directory, "step.txt");

    string OptimizerFile => Path.Combine(directory, "optimizer.bin");

    double LearningRate(int step) => step < config.WarmUpSteps
        ? config.LearningRate * (step + 1) / config.WarmUpSteps
        : config.LearningRate * (0.05 + 0.95 * 0.5 * (1 + Math.Cos(Math.PI * (step - config.WarmUpSteps) / Math.Max(1, config.Steps - config.WarmUpSteps))));

    // The decay grows to its full value, so that a short run's average is not its random start.
    void Average((string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, int step)
    {
        using var inference = torch.no_grad();
        var decay = Math.Min(config.AverageDecay, (1.0 + step) / (10 + step));
        foreach (var (name, parameter) in parameters)
            averages[name].mul_(decay).add_(parameter, alpha: 1 - decay);
    }

    void Save(IStage stage, (string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, OptimizerHelper optimizer, int step)
    {
        foreach (var (network, weights) in stage.Trained)
        {
            WeightToStore[] Of(Func<string, torch.Tensor> value) =>
                [.. weights.Buffers.Keys.Select(k => Stored(k, weights.Buffers[k])), .. weights.Parameters.Keys.Select(k => Stored(k, value(k)))];
            SafetensorsWriter.Write(Path.Combine(directory, $"{network}.safetensors"), Of(k => averages[$"{network}:{k}"]));
            SafetensorsWriter.Write(Path.Combine(directory, $"{network}.raw.safetensors"), Of(k => weights.Parameters[k]));
        }
        optimizer.save_state_dict(OptimizerFile + ".new");
        File.Move(OptimizerFile + ".new", OptimizerFile, overwrite: true);
        File.WriteAllText(StepFile, step.ToString(CultureInfo.InvariantCulture));
    }

    static WeightToStore Stored(string name, torch.Tensor value) => new(name, value.shape, () => TorchWeights.ToHost(value).Floats);

    int Restore((string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, OptimizerHelper optimizer)
    {
        if (!File.Exists(StepFile))
            throw InputFault.NotFound("resume", $"'{directory}' holds no checkpoint");
        using var inference = torch.no_grad();
        foreach (var network in parameters.GroupBy(p => p.Name[..p.Name.IndexOf(':', StringComparison.Ordinal)]))
        {
            using var raw = SafetensorsFile.Open(Path.Combine(directory, $"{network.Key}.raw.safetensors"));
            using var averaged = SafetensorsFile.Open(Path.Combine(directory, $"{network.Key}.safetensors"));
            foreach (var (name, parameter) in network)
            {
                var key = name[(network.Key.Length + 1)..];
                parameter.copy_(torch.tensor(raw.ReadFloats(key), parameter.shape));
                averages[name].copy_(torch.tensor(averaged.ReadFloats(key), parameter.shape));
            }
        }
        optimizer.load_state_dict(OptimizerFile);
        return int.Parse(File.ReadAllText(StepFile), CultureInfo.InvariantCulture);
    }

    static void SetTraining(IStage stage, bool training)
    {
        foreach (var weights in stage.Trained.Values)
            weights.Mode.Training = training;
    }
}
