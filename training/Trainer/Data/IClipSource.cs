namespace Rewas.Trainer.Data;

/// <summary>A source of training clips. The seed alone decides the clip.</summary>
interface IClipSource
{
    TrainingClip Make(ulong seed);
}
