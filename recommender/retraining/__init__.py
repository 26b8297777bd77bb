"""The stages of a retrain that pipeline.py strings together. Training only."""
