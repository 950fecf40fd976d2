namespace Rewas.Trainer.Data;

/// <summary>Where training clips come from. What a seed gives depends on nothing but the seed.</summary>
interface IClipSource
{
    TrainingClip Make(ulong seed);
}
