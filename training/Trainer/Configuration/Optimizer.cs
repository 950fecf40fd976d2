using Rewas.Clip.Files;
using TorchSharp.Modules;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Configuration;

/// <summary>AdamW, or Muon for matrices and convolutions and AdamW for the rest, with the state that a resumed run needs.</summary>
sealed class Optimizer
{
    const string AdamFile = "optimizer.bin", MuonFile = "muon.safetensors";

    readonly torch.optim.Optimizer adam;
    readonly Muon? muon;
    readonly Parameter[] all;

    /// <param name="config">The kind of optimiser, and the weight decay.</param>
    public Optimizer(IReadOnlyList<(string Name, Parameter Value)> parameters, StageConfig config)
    {
        all = [.. parameters.Select(p => p.Value)];
        var matrices = config.Optimizer == OptimizerKind.Muon ? parameters.Where(p => p.Value.shape.Length > 1).ToArray() : [];
        muon = matrices.Length > 0 ? new(matrices, config.WeightDecay) : null;
        adam = torch.optim.AdamW(
            parameters.Except(matrices).Select(p => p.Value),
            lr: config.LearningRate,
            beta1: 0.9,
            beta2: 0.99,
            weight_decay: config.WeightDecay);
    }

    /// <summary>Clears the gradients.</summary>
    public void Clear()
    {
        foreach (var parameter in all)
            parameter.grad?.zero_();
    }

    /// <summary>Takes one step with the current gradients.</summary>
    public void Step(double rate)
    {
        foreach (var group in adam.ParamGroups)
            group.LearningRate = rate;
        adam.step();
        muon?.Step(rate);
    }

    /// <summary>Writes the state that <see cref="Load"/> restores.</summary>
    public void Save(string folder)
    {
        using var file = PartialFile.Create(Path.Combine(folder, AdamFile), "optimizer");
        ((OptimizerHelper)adam).save_state_dict(file.Path);
        file.Complete();
        muon?.Save(Path.Combine(folder, MuonFile));
    }

    public void Load(string folder)
    {
        ((OptimizerHelper)adam).load_state_dict(Path.Combine(folder, AdamFile));
        muon?.Load(Path.Combine(folder, MuonFile));
    }
}

/// <summary>The optimisers that a stage can choose.</summary>
public enum OptimizerKind
{
    AdamW,
    Muon,
}
